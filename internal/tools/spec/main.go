package main

import (
	"fmt"
	"os"
)

func main() {
	data, err := fetch(os.Args[2])
	if err == nil {
		var p *published
		if p, err = readPublished(data); err == nil {
			var t *taken
			t, err = importInto("openapi", p)
			if err == nil {
				fmt.Println(t.changed, len(t.fresh), len(t.retired), t.difference.Empty())
			}
		}
	}
	if err != nil {
		fmt.Println(firstLine(err))
		os.Exit(3)
	}
}
