// Emojipack makes the files of assets/emoji out of two packages of others: the
// drawings of a picture set and the names of Unicode's emoji. It is run by hand
// when one of them has a new version; docs/dependencies.md says which were used
// and how to get them.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	pictures := flag.String("pictures", "", "directory of the unpacked package of pictures")
	names := flag.String("names", "", "directory of the unpacked package of names")
	out := flag.String("out", "assets/emoji", "directory for the files made")
	flag.Parse()
	if *pictures == "" || *names == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*pictures, *names, *out); err != nil {
		log.Fatal("emojipack: ", err)
	}
}

func run(pictures, names, out string) error {
	all, err := readNames(names)
	if err != nil {
		return fmt.Errorf("names: %w", err)
	}
	set, err := readPictures(pictures)
	if err != nil {
		return fmt.Errorf("pictures: %w", err)
	}
	p := newPacker()
	for _, seq := range all.sequences() {
		body, ok := set.body(seq)
		if !ok {
			fmt.Println("no picture:", seq.name)
			continue
		}
		shapes, err := parseSVG(body)
		if err != nil {
			return fmt.Errorf("%s: %w", seq.name, err)
		}
		p.add(seq.text, shapes)
	}
	if err := os.WriteFile(filepath.Join(out, "pictures.bin"), p.bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "names.txt"), all.table(), 0o644)
}
