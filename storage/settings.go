package storage

// settingRecord is a setting as stored, under its sealed name.
type settingRecord struct {
	Value []byte `json:"v"`
}

// Setting returns a small value stored by PutSetting.
func (t *Tx) Setting(name string) ([]byte, bool, error) {
	var r settingRecord
	ok, err := t.find(bucketSettings, t.name(bucketSettings, nil, name), &r)
	return r.Value, ok, err
}

// PutSetting stores a small value under a name; nil removes it.
func (t *Tx) PutSetting(name string, v []byte) error {
	key := t.name(bucketSettings, nil, name)
	if v == nil {
		return t.delete(bucketSettings, key)
	}
	return t.put(bucketSettings, key, settingRecord{Value: v})
}
