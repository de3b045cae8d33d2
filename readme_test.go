package slasim_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadme runs every command that README.md and README.zh.md show and compares what it prints. A line "…" stands
// for any number of lines. UPDATE=1 writes what is printed now, keeping the number of lines shown.
func TestReadme(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "slasim")
	if out, err := exec.Command("go", "build", "-o", bin, "./cmd/slasim").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	for _, name := range []string{"README.md", "README.zh.md"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			var out []string
			lines := strings.Split(string(data), "\n")
			ran := 0
			for i := 0; i < len(lines); i++ {
				out = append(out, lines[i])
				if lines[i] != "```console" {
					continue
				}
				for i++; lines[i] != "```"; {
					cmd, ok := strings.CutPrefix(lines[i], "$ ")
					if !ok {
						t.Fatalf("%s:%d: a console block begins with a command", name, i+1)
					}
					at := i + 1
					out = append(out, lines[i])
					var want []string
					for i++; lines[i] != "```" && !strings.HasPrefix(lines[i], "$ "); i++ {
						want = append(want, lines[i])
					}
					if cmd == "go test ./..." {
						out = append(out, want...)
						continue
					}
					got := run(t, bin, dir, name, at, cmd)
					ran++
					if os.Getenv("UPDATE") != "" {
						want = resize(got, want)
					} else if !matches(got, want) {
						t.Errorf("%s:%d: %s prints\n%s\nnot\n%s", name, at, cmd, strings.Join(got, "\n"), strings.Join(want, "\n"))
					}
					out = append(out, want...)
				}
				out = append(out, "```")
			}
			if ran < 5 {
				t.Errorf("%s: only %d commands were run", name, ran)
			}
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(name, []byte(strings.Join(out, "\n")), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func run(t *testing.T, bin, dir, name string, line int, command string) []string {
	t.Helper()
	command = strings.ReplaceAll(command, "go run ./cmd/slasim", "slasim")
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(bin)+":"+os.Getenv("PATH"), "LANG=C", "LC_ALL=C", "LC_MESSAGES=C")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s:%d: %s: %v\n%s%s", name, line, command, err, stdout.String(), stderr.String())
	}
	text := strings.TrimRight(stdout.String(), "\n")
	var got []string
	for _, l := range strings.Split(text, "\n") {
		got = append(got, strings.TrimRight(l, " "))
	}
	return got
}

// matches compares lines; "…" in want stands for any number of lines of got.
func matches(got, want []string) bool {
	if len(want) == 0 {
		return len(got) == 0 || len(got) == 1 && got[0] == ""
	}
	if want[0] == "…" {
		for k := 0; k <= len(got); k++ {
			if matches(got[k:], want[1:]) {
				return true
			}
		}
		return false
	}
	return len(got) > 0 && got[0] == want[0] && matches(got[1:], want[1:])
}

// resize shows as many lines of got as want does before its "…"; all of them if it has none.
func resize(got, want []string) []string {
	for k, l := range want {
		if l == "…" && k < len(got) {
			return append(append([]string(nil), got[:k]...), "…")
		}
	}
	if len(got) == 1 && got[0] == "" {
		return nil
	}
	return got
}
