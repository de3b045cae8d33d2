package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding/simplifiedchinese"

	"slasim/sim/record"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"slasim": main})
}

// TestScripts runs the command line as its users do. Each script starts in an empty folder, in English.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("LANG", "C")
			env.Setenv("LC_ALL", "")
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "root" {
				return false, fmt.Errorf("no condition %s", name)
			}
			return os.Geteuid() == 0, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exit": exit, "refuse": refuse, "gbk": gbk, "cut": cut, "version": version, "holds": holds,
			"interrupt": interrupt,
		},
	})
}

// exit N COMMAND… runs a command of ours that must end with exit code N.
func exit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: exit CODE PROGRAM ARGUMENT…")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if err != nil {
		exited, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		code = string(rune('0' + exited.ExitCode()))
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}

// refuse COMMAND… runs a command of ours that must find its input wrong: exit code 2, words on stderr, none on stdout, and
// the folder holds the same names as before, hidden ones included.
func refuse(ts *testscript.TestScript, neg bool, args []string) {
	before := folder(ts)
	exit(ts, neg, append([]string{"2"}, args...))
	if ts.ReadFile("stdout") != "" || ts.ReadFile("stderr") == "" {
		ts.Fatalf("an answer, or no word why")
	}
	if after := folder(ts); !slices.Equal(before, after) {
		ts.Fatalf("the folder held %q, now %q", before, after)
	}
}

func folder(ts *testscript.TestScript) (names []string) {
	entries, err := os.ReadDir(ts.MkAbs("."))
	ts.Check(err)
	for _, e := range entries {
		if e.Name() != ".tmp" { // testscript's own
			names = append(names, e.Name())
		}
	}
	return names
}

// holds NAME… wants the folder to hold these names and no others, hidden ones included.
func holds(ts *testscript.TestScript, _ bool, want []string) {
	if got := folder(ts); !slices.Equal(got, want) {
		ts.Fatalf("the folder holds %q, want %q", got, want)
	}
}

// interrupt TIMES CODE PROGRAM ARGUMENT… interrupts a program of ours after a second, and again as often as TIMES says. It
// must end with the exit code, or be "killed" by the last interrupt.
func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	times, err := strconv.Atoi(args[0])
	ts.Check(err)
	path := ts.Getenv("PATH")
	c := exec.Command(filepath.Join(filepath.SplitList(path)[0], args[2]), args[3:]...) // testscript puts our programs first
	c.Dir, c.Stdout, c.Stderr = ts.MkAbs("."), ts.Stdout(), ts.Stderr()
	c.Env = []string{"PATH=" + path, "LANG=C", "TMPDIR=" + ts.Getenv("TMPDIR")}
	ts.Check(c.Start())
	for range times {
		time.Sleep(time.Second)
		ts.Check(c.Process.Signal(os.Interrupt))
	}
	last := time.Now()
	_ = c.Wait()
	code := strconv.Itoa(c.ProcessState.ExitCode())
	if code == "-1" { // by a signal
		code = "killed"
	}
	if gone := time.Since(last); code != args[1] || code == "killed" && gone > 5*time.Second {
		ts.Fatalf("ended with %s after %v, want %s", code, gone, args[1])
	}
}

// gbk FILE turns a file from UTF-8 to GBK.
func gbk(ts *testscript.TestScript, _ bool, args []string) {
	text, err := simplifiedchinese.GBK.NewEncoder().String(ts.ReadFile(args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// cut FILE BYTES cuts a file off.
func cut(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

// version MANIFEST VERSION [FORMAT] makes the manifest one that another version wrote: its own digest is right.
func version(ts *testscript.TestScript, _ bool, args []string) {
	file := ts.MkAbs(args[0])
	m := new(record.Manifest)
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), m))
	var err error
	if len(args) > 2 {
		m.Format, err = strconv.Atoi(args[2])
		ts.Check(err)
	}
	m.Version, m.Digest = args[1], ""
	text, err := json.MarshalIndent(m, "", "  ")
	ts.Check(err)
	sum := sha256.Sum256(text)
	m.Digest = hex.EncodeToString(sum[:])
	text, err = json.MarshalIndent(m, "", "  ")
	ts.Check(err)
	ts.Check(os.WriteFile(file, append(text, '\n'), 0o644))
}
