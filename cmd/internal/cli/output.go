package cli

import (
	"io"
	"os"
	"path/filepath"
)

// writeFile writes a file whole or not at all: to a temporary name beside it, renamed at the end. A file that exists is
// replaced only with force.
func writeFile(name string, force bool, write func(io.Writer) error) (err error) {
	if _, err := os.Lstat(name); err == nil && !force {
		return usage("cli.exists", name)
	}
	cannot := func(err error) error { return unwritable(name, err) }
	f, err := os.CreateTemp(filepath.Dir(name), ".slasim-*")
	if err != nil {
		return cannot(err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return cannot(err)
	}
	if err := f.Close(); err != nil {
		return cannot(err)
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return cannot(err)
	}
	return nil
}
