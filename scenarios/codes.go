package scenarios

import "slasim/scenarios/internal/tree"

// Codes of the diagnostics of this package. The comment gives the arguments in order; text unless a type is
// said. A path is written with dots, as --set takes it. "Nearest" is the most similar legal name or "". "Legal"
// is the list of legal values or names, joined by ", ", or "" where it would be too long.
const (
	// Reading a file.

	CodeSetNotFound   = "set_not_found"        // name, nearest embedded stress set, legal (embedded stress sets)
	CodeFileNotFound  = "file_not_found"       // name, nearest embedded scenario, legal (embedded scenarios)
	CodeFileUnread    = "file_unreadable"      // name, the system's words
	CodeExtendsCycle  = "extends_cycle"        // the chain of names joined by " → "
	CodeExtendsDeep   = "extends_too_deep"     // limit (int)
	CodeNotUTF8       = tree.CodeNotUTF8       // byte offset (int); the file may be GBK
	CodeTooLarge      = tree.CodeTooLarge      // bytes (int), limit (int)
	CodeEmpty         = tree.CodeEmpty         //
	CodeManyDocuments = tree.CodeManyDocuments // more than one YAML document
	CodeTooDeep       = tree.CodeTooDeep       // limit (int); also an alias inside itself
	CodeTooManyValues = tree.CodeTooManyNodes  // limit (int), after aliases are expanded
	CodeSyntax        = tree.CodeSyntax        // the YAML library's words (English)
	CodeTab           = tree.CodeTab           // a tab where blanks must indent
	CodeDuplicateKey  = tree.CodeDuplicateKey  // key, line of the first (int)
	CodeBadKey        = tree.CodeBadKey        // what stands there; keys are plain words
	CodeBadMerge      = tree.CodeBadMerge      // << needs a mapping
	CodeNotMapping    = tree.CodeNotMapping    // what the document is instead of a mapping
	CodeBadPath       = tree.CodeBadPath       // path of --set
	CodeNoSuchItem    = tree.CodeNoSuchItem    // path of --set, item number
	CodeSetForm       = tree.CodeSetForm       // argument of --set that is not path=value
	CodeSetMade       = "set_made"             // path of --set that was not there, path that may be meant
	CodeAssumePath    = "assume_path"          // path that is no {low, base, high}, nearest
	CodeAssumeEnd     = "assume_end"           // path, end asked for; only low and high that are written can be had

	// Shape.

	CodeUnknownKey  = "unknown_key"  // key, path of the mapping ("" = the document), nearest, legal
	CodeMissingKey  = "missing_key"  // path of the mapping, key
	CodeWrongType   = "wrong_type"   // path, wanted (see codes below), found
	CodeBadEnum     = "bad_enum"     // path, value, nearest, legal
	CodeBadName     = "bad_name"     // name; names hold no . / = " and no blanks at the ends
	CodeBadWhole    = "bad_whole"    // path, value: not a whole number
	CodeBadNumber   = "bad_number"   // path, value: not a finite number
	CodeBadProb     = "bad_prob"     // path, value: not in 0 … 1 or 0% … 100%
	CodeOutOfRange  = "out_of_range" // path, value, legal range such as "> 0", ">= 0", "1..12"
	CodeBadDuration = "bad_duration" // path, value: legal are 90s 45m 5h 1h30m 2d 3w 1y 3wd 5cd none
	CodeNoUnit      = "no_unit"      // path, value, what it is: duration, length, speed, rate, money: a bare number
	CodeBadUnit     = "bad_unit"     // path, value, unit found, legal units
	CodeNotSeconds  = "not_seconds"  // path, value: not whole seconds
	CodeTooLong     = "too_long"     // path, value, limit: longer than a simulation can hold
	CodeNegative    = "negative"     // path, value: must not be negative
	CodeDistFamily  = "dist_family"  // path, family, nearest, legal
	CodeDistForms   = "dist_forms"   // path, family, legal sets of parameters
	CodeDistValue   = "dist_value"   // path, parameter, requirement such as "> 0"
	CodeOneOf       = "one_of"       // path, keys of which exactly one is needed, joined by ", "
	CodeContradict  = "contradicts"  // path, first key, second key: cannot both be given
	CodeNeeds       = "needs"        // path, key that is given, key that it needs

	CodeVaryForm   = "vary_form"    // argument that is not path=values
	CodeVaryCommon = "vary_common"  // path: the seed or the number of replications
	CodeVaryPath   = "vary_path"    // path, its first key that is not there, nearest
	CodeVaryEmpty  = "vary_empty"   // path: a value is missing
	CodeVaryTwice  = "vary_twice"   // path, value that is said twice
	CodeVaryUnits  = "vary_units"   // range whose numbers have several units
	CodeVaryNoStep = "vary_no_step" // range of fractions without a step
	CodeVaryStep   = "vary_step"    // range whose step is not above 0
	CodeVaryRange  = "vary_range"   // range that ends before it begins
	CodeVaryLong   = "vary_long"    // range, the most values it may have
	CodeHoldForm   = "hold_form"    // value that is none of contract, clean, aim, share:p

	// References.

	CodeUnknownSite      = "unknown_site"      // name, nearest
	CodeUnknownClass     = "unknown_class"     // name, nearest
	CodeUnknownContract  = "unknown_contract"  // name, nearest
	CodeUnknownRegion    = "unknown_region"    // name, nearest
	CodeUnknownPart      = "unknown_part"      // name, nearest
	CodeUnknownDepot     = "unknown_depot"     // name, nearest
	CodeUnknownSkill     = "unknown_skill"     // name, nearest: no failure needs it
	CodeUnknownCalendar  = "unknown_calendar"  // name, nearest
	CodeUnknownMilestone = "unknown_milestone" // name, subject, nearest, legal
	CodeUnknownPause     = "unknown_pause"     // name, nearest, legal
	CodeUnknownSeverity  = "unknown_severity"  // name, contract, nearest, legal
	CodeUnknownPhase     = "unknown_phase"     // name, contract, nearest, legal
	CodePhasesApart      = "phases_apart"      // path
	CodeUnknownBand      = "unknown_band"      // name, contract, nearest, legal
	CodeUnknownClause    = "unknown_clause"    // name, contract, nearest
	CodeUnknownPlan      = "unknown_plan"      // name, nearest
	CodeKeyPeriodNone    = "key_period_none"   // team
	CodeUnknownTeam      = "unknown_team"      // name, nearest
	CodeUnknownSwitch    = "unknown_switch"    // name, nearest, legal
	CodeUnknownReading   = "unknown_reading"   // switch, value, nearest, legal
	CodeUnknownShift     = "unknown_shift"     // letter, legal

	// Meaning: errors.

	CodeBadDate          = "bad_date"          // path, value: not YYYY-MM-DD
	CodeBadTimezone      = "bad_timezone"      // value: not a fixed offset such as +08:00
	CodeBadHours         = "bad_hours"         // path, value, the reason (an error of package calendar)
	CodeZeroHorizon      = "zero_horizon"      // path: the term is zero
	CodeTooManyDevices   = "too_many_devices"  // devices (int), limit (int)
	CodeTooManyPeople    = "too_many_people"   // people (int), limit (int)
	CodeTooManyPlaces    = "too_many_places"   // places (int), limit (int)
	CodeTooManyNames     = "too_many_names"    // what (skills, contracts, bands), how many (int), limit (int)
	CodeTooMuchRoster    = "too_much_roster"   // duties (int), limit (int)
	CodeNoWeight         = "no_weight"         // path: the weights add up to nothing
	CodeListLength       = "list_length"       // path, length found (int), length wanted (int)
	CodeRanks            = "severity_ranks"    // contract: ranks must be 1, 2, … each once
	CodeSkillNobodyHas   = "skill_nobody_has"  // skill, failure, contract
	CodeTierNobodyHas    = "tier_nobody_has"   // tier (l2, l3), failure, contract
	CodeNoFieldTeam      = "no_field_team"     // contract: nobody of role field serves it
	CodeNoRole           = "no_role"           // role, path that needs it: no team has the role
	CodeSiteNoDistance   = "site_no_distance"  // place, other place, number of further places (int)
	CodeSiteNoPoint      = "site_no_point"     // place: a plane needs x_km and y_km
	CodeHalfPoint        = "half_point"        // place, key given, key missing
	CodeYearBeyond       = "year_beyond"       // calendar, year (int), first known year (int), last known year (int): strict_calendar
	CodeCoveredTwice     = "covered_twice"     // site, class, contract, other contract
	CodeVendorTwice      = "vendor_twice"      // vendor, other vendor, class or "" for all
	CodeLimitsMissLevel  = "limits_miss_level" // clause, severity
	CodeLimitsMissBand   = "limits_miss_band"  // clause, severity, band
	CodeNoLimit          = "no_limit"          // clause: kind limit without limit or limits
	CodeNoClock          = "no_clock"          // clause, missing key (start, stop)
	CodeWorkdaysCalendar = "workdays_calendar" // path: working days need a calendar
	CodeRunsUnit         = "runs_unit"         // path, limit, runs: does not go together
	CodePeriodClause     = "period_clause"     // clause: of: period needs a plan that is counted
	CodeScopeSubject     = "scope_subject"     // clause, scope key, subject: does not apply
	CodeBandOrder        = "band_order"        // path: bands must have different ends
	CodeDepotCycle       = "depot_cycle"       // the chain joined by " → "
	CodeReorder          = "reorder_above"     // path, reorder (int), up_to (int): reorder must be below up_to
	CodeWorstLevel       = "worst_level"       // path, level: no level is worse
	CodeNoKeyPeriod      = "no_key_period"     // path, contract: no key period after the start
	CodeKeyPeriodOrder   = "key_period_order"  // path: ends before it begins
	CodeMonthTwice       = "month_twice"       // path, month (int)
	CodeWeatherDays      = "weather_days"      // path, days (number), days of its months (int)
	CodeDayKind          = "day_kind"          // path, value, legal
	CodeRosterForms      = "roster_forms"      // path: a roster is shifts and cycle, or weekly
	CodeOverlap          = "shifts_overlap"    // path, letter, letter: a shift runs into the next of the cycle

	// Meaning: warnings and notes.

	CodeShortMean       = "short_mean"             // path, mean in seconds (number): below 20 s, rounding to seconds shows
	CodeCurrency        = "currency_differs"       // path, currency found, currency of costs
	CodeProjected       = "calendar_projected"     // calendar, year (int), last known year (int)
	CodeSiteUncovered   = "site_uncovered"         // site, class: equipment of no contract
	CodeReadingNoEffect = "reading_without_effect" // contract, switch
	CodeRangeOrder      = "assumption_range_order" // path, low, base, high: low above high
	CodeUnusedCalendar  = "calendar_unused"        // name
	CodeNeverComes      = "never_comes"            // path of planned work, from: not before the end of the term
	CodeLeaveRounded    = "leave_rounded"          // path, weeks (number), whole weeks (int)
	CodeOnCallAll       = "on_call_no_roster"      // team: people without a roster are always on shift
	CodeBeyondBands     = "beyond_bands"           // contract, number of sites (int), an example: no band, so no limit by band
	CodeBandUnknown     = "band_unknown"           // contract, site: no distance to any service point
	CodePartNowhere     = "part_nowhere"           // part: needed by failures, in stock at no depot
	CodeWarmUpUnused    = "warm_up_unused"         // start: new_contract ignores warm_up
	CodeBurstHitsNone   = "burst_hits_none"        // burst: no equipment in its region and classes
)

// Wanted values of CodeWrongType.
const (
	WantMapping = "mapping"
	WantList    = "list"
	WantText    = "text"
	WantBool    = "bool" // true or false
	WantValue   = "value"
	WantPhrase  = "phrase" // text, or {en: …, zh: …}
	WantDist    = "distribution"
	WantEvent   = "event" // a milestone, {first_of: […]} or {last_of: […]}
	WantLimit   = "limit" // a duration, or {band: duration}
	WantLevel   = "level" // a number, or {up_to: …, reorder: …}
)
