package account

// maxRecent is how many messages are remembered to know one that comes twice,
// or comes back refused.
const maxRecent = 1024

// recently remembers a value for each of the last maxRecent keys that were put.
// The zero value is ready for use.
type recently[K comparable, V any] struct {
	values map[K]V
	ring   []K // by arrival; once it is full the oldest is at next
	next   int
}

func (r *recently[K, V]) get(k K) (V, bool) {
	v, ok := r.values[k]
	return v, ok
}

// put remembers v for k. A key that is known keeps its place.
func (r *recently[K, V]) put(k K, v V) {
	if r.values == nil {
		r.values = make(map[K]V)
	}
	_, known := r.values[k]
	r.values[k] = v
	switch {
	case known:
	case len(r.ring) < maxRecent:
		r.ring = append(r.ring, k)
	default:
		delete(r.values, r.ring[r.next])
		r.ring[r.next] = k
		r.next = (r.next + 1) % maxRecent
	}
}
