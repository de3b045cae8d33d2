package model

// HashName is the 64-bit word that names an entity in a key of random draws: FNV-1a (Fowler, Noll and Vo)
// of the bytes, then the finaliser of splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
// number generators", OOPSLA 2014), since FNV leaves the high bits of short names alike. Frozen: another
// function would change every result.
func HashName(name string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 0x100000001b3
	}
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
