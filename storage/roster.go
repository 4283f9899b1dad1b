package storage

import "math"

// rosterRecord is a RosterItem as stored, under account and sealed JID.
type rosterRecord struct {
	JID          string       `json:"j"`
	Name         string       `json:"n,omitempty"`
	Groups       []string     `json:"g,omitempty"`
	Subscription Subscription `json:"s,omitempty"`
	Ask          bool         `json:"k,omitempty"`
	LastSeen     int64        `json:"l,omitempty"`
}

// requestRecord is a Request as stored, under account and sealed JID.
type requestRecord struct {
	JID     string `json:"j"`
	Message string `json:"m,omitempty"`
	Time    int64  `json:"t,omitempty"`
}

// Roster returns the contacts of an account in no particular order.
func (t *Tx) Roster(acc AccountID) ([]RosterItem, error) {
	return list(t, bucketRoster, key4(uint32(acc)), math.MaxInt, func(_ []byte, r rosterRecord) RosterItem {
		return RosterItem(r)
	})
}

// PutRosterItem stores a contact in place of what was stored for its JID, with
// LastSeen as given. The caller normalizes the JID. The account must exist
// (ErrNotFound).
func (t *Tx) PutRosterItem(acc AccountID, item RosterItem) error {
	if err := t.needAccount(acc); err != nil {
		return err
	}
	return t.put(bucketRoster, t.name(bucketRoster, key4(uint32(acc)), item.JID), rosterRecord(item))
}

// DeleteRosterItem removes a contact. One that is not there is no error.
func (t *Tx) DeleteRosterItem(acc AccountID, jid string) error {
	return t.delete(bucketRoster, t.name(bucketRoster, key4(uint32(acc)), jid))
}

// ReplaceRoster stores the contacts of an account in place of all it had, with
// LastSeen as given: a roster from the server carries none, so the caller
// brings over what it knows.
func (t *Tx) ReplaceRoster(acc AccountID, items []RosterItem) error {
	if err := t.deleteAll(bucketRoster, key4(uint32(acc))); err != nil {
		return err
	}
	for _, item := range items {
		if err := t.PutRosterItem(acc, item); err != nil {
			return err
		}
	}
	return nil
}

// Requests returns the subscription requests of an account that wait for an
// answer, in no particular order.
func (t *Tx) Requests(acc AccountID) ([]Request, error) {
	return list(t, bucketRequests, key4(uint32(acc)), math.MaxInt, func(_ []byte, r requestRecord) Request {
		return Request(r)
	})
}

// PutRequest stores a request in place of an earlier one of the same JID. The
// account must exist (ErrNotFound).
func (t *Tx) PutRequest(acc AccountID, r Request) error {
	if err := t.needAccount(acc); err != nil {
		return err
	}
	return t.put(bucketRequests, t.name(bucketRequests, key4(uint32(acc)), r.JID), requestRecord(r))
}

// DeleteRequest removes a request. One that is not there is no error.
func (t *Tx) DeleteRequest(acc AccountID, jid string) error {
	return t.delete(bucketRequests, t.name(bucketRequests, key4(uint32(acc)), jid))
}
