package sim

import "slasim/sim/rng"

// Streams of random numbers (DESIGN § 12). The values are frozen: a new purpose gets a new number.
const (
	streamGap        rng.Stream = 1  // gaps of a fault source
	streamFault      rng.Stream = 2  // what a fault is: one draw per attribute, in a fixed order
	streamCall       rng.Stream = 3  // phone calls
	streamRemote     rng.Stream = 4  // remote stage
	streamApproval   rng.Stream = 5  // approvals and presence
	streamTrip       rng.Stream = 6  // factor of a trip
	streamMobilise   rng.Stream = 7  // mobilisation and entry
	streamDiagnose   rng.Stream = 8  // diagnosis on site
	streamWork       rng.Stream = 9  // work until restored, repair
	streamClosing    rng.Stream = 10 // confirmation and closing
	streamLead       rng.Stream = 11 // supplier lead times and transports
	streamCourier    rng.Stream = 12 // courier runs
	streamAdmin      rng.Stream = 13 // reports, call-backs
	streamComplaint  rng.Stream = 14
	streamWeather    rng.Stream = 15 // weather of a region and day
	streamQuestion   rng.Stream = 16
	streamBurst      rng.Stream = 17
	streamAbsence    rng.Stream = 18 // leave and sickness of a person
	streamBackground rng.Stream = 19 // work for other contracts
	streamJob        rng.Stream = 20 // planned visits
	streamPaper      rng.Stream = 21
	streamVendor     rng.Stream = 22
	streamUnit       rng.Stream = 23 // renewals of single units
	streamPartner    rng.Stream = 24
	streamWorkaround rng.Stream = 25
	streamSupport    rng.Stream = 26
	StreamDoubt      rng.Stream = 27 // assumptions drawn from their ranges; replication = draw; not the engine's
	streamRisk       rng.Stream = 28 // until a risk comes true
	streamPhase      rng.Stream = 29 // whether a fault happens in its phase
	// rng.GammaApart + the stream a gamma variate belongs to
)
