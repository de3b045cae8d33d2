// Package record writes what a run leaves behind into a directory and reads it back.
//
// A record is complete or absent: the Writer fills a directory beside the wanted one and renames it at the end.
// It holds
//
//	manifest.json      what was run, and size, rows and SHA-256 of every other file
//	scenario.yaml      the resolved scenario
//	history.csv        the replayed history in the scenario's words, if the run had one
//	history.yaml       the mapping that reads history.csv
//	mapping.yaml       the mapping as it was given, for the reader
//	contract.json      the clauses, calendars and days as plain data: all that an auditor needs (Contract)
//	summary.json       the report
//	clauses.parquet    a row per clause and row of the report (ClauseRow)
//	tickets.parquet    a row per subject of every kind (Subject)
//	intervals.parquet  pauses and states of subjects, activities of people (PersonSpan)
//	clocks.parquet     the simulator's own result of every clock (Clock)
//	people.parquet     seconds per person and activity (Person)
//	stock.parquet      every change at a depot (StockMove)
//	events.parquet     events of the engine, first replications only (Event)
//
// Spans of idleness and of background work, most of all spans, are there for the replications with events only;
// people.parquet has their sums for all.
//
// Rows are ordered by replication, then by kind and number of the subject, so that they are the same for any
// number of workers. Times are whole seconds since the start of the run, which the metadata of each file gives in
// UTC; columns of times and spans end in _s, of distances in _m. A time that did not happen is null.
package record

import "time"

// Format is the version of the files' layout. A record of another format is refused.
const Format = 2

// Names of the files of a record.
const (
	ManifestFile  = "manifest.json"
	ScenarioFile  = "scenario.yaml"
	HistoryFile   = "history.csv"
	HistoryMap    = "history.yaml"
	MappingFile   = "mapping.yaml"
	ContractFile  = "contract.json"
	SummaryFile   = "summary.json"
	ClausesFile   = "clauses.parquet"
	TicketsFile   = "tickets.parquet"
	IntervalsFile = "intervals.parquet"
	ClocksFile    = "clocks.parquet"
	PeopleFile    = "people.parquet"
	StockFile     = "stock.parquet"
	EventsFile    = "events.parquet"
)

// files are all files of a record but the manifest and those of a history, in the order of the manifest.
var files = []string{
	ScenarioFile, ContractFile, SummaryFile, ClausesFile, TicketsFile, IntervalsFile, ClocksFile, PeopleFile, StockFile, EventsFile,
}

// historyFiles are there only if the run replayed a history; they stand last in the manifest.
var historyFiles = []string{HistoryFile, HistoryMap, MappingFile}

// Info says what was run. It stands in the manifest and in the metadata of every table.
type Info struct {
	Version      string // of the program
	Scenario     string // its name
	ScenarioHash string
	Seed         uint64
	Start        time.Time // second 0 of the run
}
