package model

// IntervalKind is what an interval of a ticket says: a pause the contract may take out of a clock, or
// the state the ticket was in. States are used to say why a clause broke.
type IntervalKind uint8

// Kinds of intervals. The customer's waits come first; then the states in the precedence of DESIGN § 14:
// of several that hold at one instant the lowest value names the reason.
const (
	CustomerApprovalRemote IntervalKind = iota
	CustomerApprovalOnsite
	CustomerAbsent
	Appointment
	Authorisation
	Quotation
	Consent
	OwnApproval // the provider's own director; never pauses
	DeskQueue
	NoPart
	WrongSkill // somebody is free but lacks the skill or tier
	NobodyOnShift
	AllBusy
	Mobilise
	Travel
	Entry
	Work
	Vendor
	NumIntervalKinds
)

// FirstState is the first kind that is a state of ours rather than a customer's wait.
const FirstState = OwnApproval

var intervalNames = [NumIntervalKinds]string{
	"customer_approval_remote", "customer_approval_onsite", "customer_absent", "appointment", "authorisation",
	"quotation", "consent", "own_approval", "desk_queue", "no_part", "wrong_skill", "nobody_on_shift", "all_busy",
	"mobilise", "travel", "entry", "work", "vendor",
}

func (k IntervalKind) String() string { return intervalNames[k] }

// ParseIntervalKind finds a kind by name.
func ParseIntervalKind(name string) (IntervalKind, bool) {
	for i, n := range intervalNames {
		if n == name {
			return IntervalKind(i), true
		}
	}
	return 0, false
}

// IntervalKinds lists the names; a kind's value is its index.
func IntervalKinds() []string { return intervalNames[:] }

// KindSet is a set of interval kinds.
type KindSet uint32

// Has reports whether k is in the set.
func (s KindSet) Has(k IntervalKind) bool { return s&(1<<k) != 0 }

// With is the set and k.
func (s KindSet) With(k IntervalKind) KindSet { return s | 1<<k }

// Interval is [Start, End) of one kind.
type Interval struct {
	Start, End Time
	Kind       IntervalKind
}

// Activity is what an engineer's time is spent on.
type Activity uint8

// Activities; Idle is being on shift without work.
const (
	ActIdle Activity = iota
	ActDesk
	ActRemote
	ActTravel
	ActWork
	ActWaitPart
	ActWaitCustomer
	ActClosing
	ActPlanned
	ActBackground // work for others who share these people
	NumActivities
)

var activityNames = [NumActivities]string{
	"idle", "desk", "remote", "travel", "work", "wait_part", "wait_customer", "closing", "planned", "background",
}

func (a Activity) String() string { return activityNames[a] }
