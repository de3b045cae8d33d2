package rng

import "math/bits"

// Stream is the purpose of a stream of draws. The values in use are frozen constants of the engine:
// renumbering one changes every result.
type Stream uint16

// Key names one stream of draws.
type Key struct {
	Seed   uint64 // of the run
	Rep    uint32 // replication, from 0
	Stream Stream // purpose
	Entity uint64 // who: HashName of a name, or Mix of a name and an ordinal
}

// Odd constants that keep the words of a key, and the two halves of the state, apart: the golden ratio
// 2⁶⁴/φ of splitmix64, and the first 64 fractional bits of the square roots of 2, 3, 5 and 7 (those of 2, 3
// and 5 begin SHA-512 too), the last bit set. Frozen.
const (
	gamma = 0x9e3779b97f4a7c15
	root2 = 0x6a09e667f3bcc909
	root3 = 0xbb67ae8584caa73b
	root5 = 0x3c6ef372fe94f82b
	root7 = 0xa54ff53a5f1d36f1
)

// fin is the finaliser of splitmix64 (Stafford's variant 13 of the MurmurHash3 finaliser, in Steele, Lea
// and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): a bijection of 64 bits in
// which every input bit moves every output bit with probability near ½.
func fin(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// New opens the stream k names.
//
// The key is mixed word by word into the 128 bits of state of a PCG: each of the three words (seed;
// replication and stream; entity) passes a finaliser of its own, the results are combined in two unlike
// ways and finalised again. For two fixed words each half of the state is a bijection of the third, so
// keys that differ in one word never share a state; others do with probability near 2⁻¹²⁸. Sums such as
// seed + replication, which make (1, 2) and (2, 1) the same stream, do not occur.
func (k Key) New() Rand { return k.Family().New(k.Entity) }

// Family is all streams of one seed, replication and purpose, with what they share mixed beforehand.
type Family struct{ a, b uint64 }

// Family is the family k's stream belongs to; k.Entity is not looked at.
func (k Key) Family() Family {
	x := fin(k.Seed + gamma)
	y := fin((uint64(k.Rep)<<16 | uint64(k.Stream)) + root2)
	return Family{x ^ bits.RotateLeft64(y, 21), x + y*root5}
}

// New opens the stream of an entity.
func (f Family) New(entity uint64) Rand { return f.open(fin(entity + root3)) }

// open is New, the entity finalised; small enough to be inlined.
func (f Family) open(z uint64) Rand {
	return Rand{fin(f.a ^ bits.RotateLeft64(z, 42)), fin(f.b + z*root7)}
}

// HashName is the entity of a name: 64-bit FNV-1a (Fowler, Noll and Vo) of its bytes, then the
// finaliser, since FNV leaves the high bits of short names alike. Frozen.
func HashName(name string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 0x100000001b3
	}
	return fin(h)
}

// Mix is the entity of a pair in this order: (name hash, ordinal), (ticket, trip number). For either word
// fixed it is a bijection of the other. Frozen.
func Mix(a, b uint64) uint64 { return RootOf(a).Mix(b) }

// Root is the first word of many pairs, finalised once.
type Root uint64

// RootOf prepares a.
func RootOf(a uint64) Root { return Root(fin(a + gamma)) }

// Mix is Mix(a, b) for the root of a.
func (r Root) Mix(b uint64) uint64 { return fin(uint64(r) + b*root3 + root2) }
