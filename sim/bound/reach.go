package bound

import (
	"math"

	"slasim/model"
)

// RequiredSpeedKmh is the average road speed that covers km within the limit after the delay before departure, in
// km/h; +Inf if the delay leaves no time.
func RequiredSpeedKmh(km float64, limit, delay model.Time) float64 {
	if limit <= delay {
		return math.Inf(1)
	}
	return km / model.Hours(limit-delay)
}

// ReachKm is how far one gets at an average speed of kmh within the limit after the delay before departure, in km;
// 0 if the delay leaves no time.
func ReachKm(kmh float64, limit, delay model.Time) float64 {
	return math.Max(0, kmh*model.Hours(limit-delay))
}
