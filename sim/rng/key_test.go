package rng

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

// The golden words below were computed with Python's unbounded integers from the published definitions:
//
//	M = 2**64 - 1
//	def fin(z):
//	    z = ((z ^ z >> 30) * 0xbf58476d1ce4e5b9) & M
//	    z = ((z ^ z >> 27) * 0x94d049bb133111eb) & M
//	    return z ^ z >> 31
//	def rol(x, n): return (x << n | x >> 64 - n) & M
//	# the five constants of key.go as gamma, r2, r3, r5, r7
//	def hashname(s):
//	    h = 0xcbf29ce484222325
//	    for c in s.encode(): h = ((h ^ c) * 0x100000001b3) & M
//	    return fin(h)
//	def mix(a, b): return fin(fin(a + gamma & M) + b * r3 + r2 & M)
//	def state(seed, rep, stream, entity):
//	    x, y, z = fin(seed + gamma & M), fin((rep << 16 | stream) + r2 & M), fin(entity + r3 & M)
//	    return fin(x ^ rol(y, 21) ^ rol(z, 42)), fin(x + y * r5 + z * r7 & M)
//	def draws(hi, lo, n):  # PCG-DXSM
//	    s = hi << 64 | lo
//	    for _ in range(n):
//	        s = (s * (2549297995355413924 << 64 | 4865540595714422341)
//	             + (6364136223846793005 << 64 | 1442695040888963407)) % 2**128
//	        h, l = s >> 64, s & M
//	        h ^= h >> 32; h = h * 0xda942042e4dd58b5 & M; h ^= h >> 48
//	        yield h * (l | 1) & M

func TestHashNameIsFrozen(t *testing.T) {
	for _, c := range []struct {
		name string
		want uint64
	}{
		{"", 0xf52a15e9a9b5e89b},
		{"a", 0x02c0bdbf481420f8},
		{"shenyang", 0x54814d4d922874fb},
		{"沈阳", 0x086d4c20ed08cbba},
	} {
		if got := HashName(c.name); got != c.want {
			t.Errorf("HashName(%q) = %#x, want %#x", c.name, got, c.want)
		}
	}
}

func TestMixIsFrozen(t *testing.T) {
	for _, c := range []struct{ a, b, want uint64 }{
		{0, 0, 0xb096c5639d9158f7},
		{1, 2, 0x98d19c379315de7d},
		{2, 1, 0xc524a5317527f199},
	} {
		if got := Mix(c.a, c.b); got != c.want {
			t.Errorf("Mix(%d, %d) = %#x, want %#x", c.a, c.b, got, c.want)
		}
	}
}

func TestKeyIsFrozen(t *testing.T) {
	for _, c := range []struct {
		key  Key
		want [3]uint64
	}{
		{Key{}, [3]uint64{0x356f28918f3dcaa7, 0x4e1da8cba42fc064, 0x4271d122b7518785}},
		{Key{1, 2, 3, 4}, [3]uint64{0x482298d855d158c7, 0xcf7b3102301ea358, 0xb60669a4a78de89b}},
		{Key{2, 1, 3, 4}, [3]uint64{0x47de3c7194b3039b, 0x7ff72b64e4e53b95, 0xfdadfbd51a956ebd}},
		{
			Key{math.MaxUint64, math.MaxUint32, math.MaxUint16, math.MaxUint64},
			[3]uint64{0xc79628cca71515b8, 0xbe670be856b9edb1, 0xc66c6f51dadeceba},
		},
	} {
		r := c.key.New()
		for i, want := range c.want {
			if got := r.Uint64(); got != want {
				t.Errorf("%+v draw %d = %#x, want %#x", c.key, i, got, want)
			}
		}
	}
}

// Keys that differ by one in any word, and sums that collide (seed + rep), open different streams whose
// first draws together look uniform and uncorrelated.
func TestNeighbouringKeysAreIndependent(t *testing.T) {
	grids := map[string]func(i, j uint64) Key{
		"seed, rep":      func(i, j uint64) Key { return Key{Seed: i, Rep: uint32(j)} },
		"seed, entity":   func(i, j uint64) Key { return Key{Seed: i, Entity: j} },
		"rep, stream":    func(i, j uint64) Key { return Key{Rep: uint32(i), Stream: Stream(j)} },
		"rep, entity":    func(i, j uint64) Key { return Key{Rep: uint32(i), Entity: j} },
		"stream, entity": func(i, j uint64) Key { return Key{Stream: Stream(i), Entity: j} },
		"high bits":      func(i, j uint64) Key { return Key{Seed: i << 56, Entity: j << 56} },
		"names":          func(i, j uint64) Key { return Key{Entity: Mix(HashName(string(rune('a'+i))), j)} },
	}
	const side = 256
	for name, key := range grids {
		var first, second [side][side]float64
		seen := map[uint64]bool{}
		for i := range uint64(side) {
			for j := range uint64(side) {
				r := key(i, j).New()
				u := r.Uint64()
				if seen[u] {
					t.Errorf("%s: two keys share their first draw", name)
				}
				seen[u] = true
				first[i][j] = float64(u>>12) / (1 << 52)
				second[i][j] = r.Float64()
			}
		}
		// Pairs of neighbours along each axis, and of draws in one stream, on a 16 × 16 board.
		for axis, pair := range map[string]func(i, j int) (float64, float64){
			"along the first word":  func(i, j int) (float64, float64) { return first[i][j], first[(i+1)%side][j] },
			"along the second word": func(i, j int) (float64, float64) { return first[i][j], first[i][(j+1)%side] },
			"across the diagonal":   func(i, j int) (float64, float64) { return first[i][j], first[j][i] + 0 },
			"within the stream":     func(i, j int) (float64, float64) { return first[i][j], second[i][j] },
		} {
			if axis == "across the diagonal" { // (i, j) against (j, i): skip the fixed points, count each pair once
				checkBoard(t, name+" "+axis, side, func(i, j int) bool { return i < j }, pair)
			} else {
				checkBoard(t, name+" "+axis, side, func(i, j int) bool { return true }, pair)
			}
		}
	}
}

// checkBoard is a chi-square test of the pairs' uniformity over 16 × 16 cells; it fails beyond p = 10⁻⁵.
func checkBoard(t *testing.T, name string, side int, use func(i, j int) bool, pair func(i, j int) (float64, float64)) {
	t.Helper()
	var count [16][16]float64
	n := 0.0
	for i := range side {
		for j := range side {
			if use(i, j) {
				a, b := pair(i, j)
				count[int(a*16)][int(b*16)]++
				n++
			}
		}
	}
	chi2, want := 0.0, n/256
	for _, row := range count {
		for _, c := range row {
			chi2 += (c - want) * (c - want) / want
		}
	}
	const df = 255
	upper := mathext.GammaIncRegComp(df/2.0, chi2/2)
	if upper < 1e-5 || upper > 1-1e-5 {
		t.Errorf("%s: chi-square %.1f on %d degrees of freedom, upper tail %.2g", name, chi2, df, upper)
	}
}

func TestNewIsThePCGOfTheStandardLibrary(t *testing.T) {
	k := Key{Seed: 7, Rep: 1, Stream: 2, Entity: 3}
	r := k.New()
	std := rand.NewPCG(r.hi, r.lo) // a copy continues by itself
	src := rand.New(std)
	for range 100 {
		if a, b := r.Uint64(), src.Uint64(); a != b {
			t.Fatalf("draws differ: %#x, %#x", a, b)
		}
	}
}

func TestDrawsAllocateNothing(t *testing.T) {
	for _, c := range cases() {
		if n := testing.AllocsPerRun(100, func() {
			r := Key{Seed: 1, Rep: 2, Stream: 3, Entity: Mix(HashName("shenyang"), 4)}.New()
			sinkT = Sample(&c.d, &r)
			sinkF = NextExp(&r, 10) + float64(r.Intn(6))
		}); n != 0 {
			t.Errorf("%s: %v allocations a draw", c.name, n)
		}
	}
}
