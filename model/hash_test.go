package model

import "testing"

// The words were computed with Python's unbounded integers from the published definitions:
//
//	h = 0xcbf29ce484222325
//	for c in name.encode(): h = ((h ^ c) * 0x100000001b3) % 2**64
//	h = ((h ^ h >> 30) * 0xbf58476d1ce4e5b9) % 2**64
//	h = ((h ^ h >> 27) * 0x94d049bb133111eb) % 2**64
//	h ^= h >> 31
func TestHashNameIsFrozen(t *testing.T) {
	for _, c := range []struct {
		name string
		want uint64
	}{
		{"", 0xf52a15e9a9b5e89b}, {"a", 0x02c0bdbf481420f8}, {"shenyang", 0x54814d4d922874fb}, {"沈阳", 0x086d4c20ed08cbba},
	} {
		if got := HashName(c.name); got != c.want {
			t.Errorf("HashName(%q) = %#x, want %#x", c.name, got, c.want)
		}
	}
}
