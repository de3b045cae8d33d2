package model

// Subject is what a clause is about; each has its own list of milestones.
type Subject uint8

// Subjects.
const (
	SubjectTicket      Subject = iota // a fault's record
	SubjectCall                       // one phone contact
	SubjectComplaint                  // a complaint about the service
	SubjectJob                        // a planned job (inspection, training, …)
	SubjectDeliverable                // a report or summary due for a period
	SubjectPeriod                     // a count per period
	SubjectRise                       // a rise of a ticket's level because its time was up; its level is the one risen to
	NumSubjects
)

// Milestone is an index into the milestones of one subject.
type Milestone = uint8

// Milestones of a ticket, in the order of a usual life.
const (
	Occurred   Milestone = iota
	Reported             // first ring or alarm
	Logged               // written down
	Answered             // an agent picked up (phone only)
	Responded            // a qualified engineer is in contact
	Classified           // hardware, software or configuration
	Decided              // remote or on site
	RemoteStarted
	RemoteFailed
	PlanSubmitted
	OnsiteRequested // first of: customer asks for a visit, remote declared failed; of a visit that is made
	Assigned
	Departed
	Arrived // at the failed system
	Diagnosed
	PartRequested
	PartConfirmed // both sides confirm the need
	PartOnSite    // engineer and sound part at the site
	Workaround    // temporary solution issued
	LoanerIn
	Restored  // service back, technically
	Confirmed // both sides confirm
	Repaired  // full repair done
	WorkReported
	LeftSite
	ReplacedNew
	ReportDelivered
	CalledBack
	RecordDelivered
	Surveyed
	Escalated2 // first request of a tier-2 person by the ladder
	Escalated3
	Escalated4
	Joined // first extra person at work
	Closed
	Recalled      // the engineer who left during the telephone diagnosis is called back
	EmergencyPlan // a rung of the ladder asked for one
	Risen         // first rise of the level because its time was up
	NumTicketMilestones
)

// Milestones of a call.
const (
	CallRinging Milestone = iota
	CallAnswered
	CallEnded
	CallReplied // the answer that needed documents
	CallRisen   // nobody had begun to look for it, and it went to the next superior
	NumCallMilestones
)

// Milestones of a complaint.
const (
	ComplaintAccepted Milestone = iota
	ComplaintReplied
	ComplaintClosed
	NumComplaintMilestones
)

// Milestones of a planned job.
const (
	JobDue      Milestone = iota // the end of the period it belongs to
	JobNotified                  // customer told
	JobStarted                   // engineer on site
	JobDone
	JobConfirmed // the customer has confirmed the date again
	NumJobMilestones
)

// Milestones of a deliverable.
const (
	PeriodEnd Milestone = iota
	Delivered
	NumDeliverableMilestones
)

// Milestones of a rise: those of its ticket, and its own.
const (
	RiseReported Milestone = iota
	RiseRisen
	RiseRestored
	RiseConfirmed
	NumRiseMilestones
)

// Milestones of a count over a contract year.
const (
	CountEnd     Milestone = iota // the last second of the year, so that it is judged in it
	CountReached                  // as many as promised
	NumPeriodMilestones
)

var subjectNames = [NumSubjects]string{"ticket", "call", "complaint", "job", "deliverable", "period", "rise"}

var milestoneNames = [NumSubjects][]string{
	SubjectTicket: {
		"occurred", "reported", "logged", "answered", "responded", "classified", "decided", "remote_started",
		"remote_failed", "plan_submitted", "onsite_requested", "assigned", "departed", "arrived", "diagnosed",
		"part_requested", "part_confirmed", "part_on_site", "workaround", "loaner_in", "restored", "confirmed",
		"repaired", "work_reported", "left_site", "replaced_new", "report_delivered", "called_back", "record_delivered",
		"surveyed", "escalated_2", "escalated_3", "escalated_4", "joined", "closed", "recalled", "emergency_plan", "risen",
	},
	SubjectCall:        {"ringing", "answered", "ended", "replied", "risen"},
	SubjectComplaint:   {"accepted", "replied", "closed"},
	SubjectJob:         {"due", "notified", "started", "done", "confirmed"},
	SubjectDeliverable: {"period_end", "delivered"},
	SubjectPeriod:      {"period_end", "reached"},
	SubjectRise:        {"reported", "risen", "restored", "confirmed"},
}

func (s Subject) String() string { return subjectNames[s] }

// ParseSubject finds a subject by name.
func ParseSubject(name string) (Subject, bool) {
	for i, n := range subjectNames {
		if n == name {
			return Subject(i), true
		}
	}
	return 0, false
}

// Milestones lists the names of a subject's milestones; a milestone's value is its index here.
func (s Subject) Milestones() []string { return milestoneNames[s] }

// ParseMilestone finds a milestone of s by name.
func (s Subject) ParseMilestone(name string) (Milestone, bool) {
	for i, n := range milestoneNames[s] {
		if n == name {
			return Milestone(i), true
		}
	}
	return 0, false
}
