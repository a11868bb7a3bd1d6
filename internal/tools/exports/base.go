package main

import (
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

// atBase returns the lines of the file at the base, and nothing where the base does
// not have it.
func atBase(root string) ([]string, error) {
	base, err := baseOf(root)
	if err != nil {
		return nil, err
	}
	tracked, err := git(root, "ls-tree", "--name-only", base, "--", surfaceFile)
	if err != nil || tracked == "" {
		return nil, err
	}
	text, err := git(root, "show", base+":"+surfaceFile)
	return split(text), err
}

// baseOf returns the commit that the exported declarations are compared with.
func baseOf(root string) (string, error) {
	if tag, err := git(root, "describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"); err == nil {
		return tag, nil
	}
	for _, branch := range []string{"origin/HEAD", "origin/main", "origin/master"} {
		if base, err := git(root, "merge-base", "HEAD", branch); err == nil {
			return base, nil
		}
	}
	return git(root, "rev-parse", "HEAD")
}

func git(root string, args ...string) (string, error) {
	command := exec.Command("git", args...)
	command.Dir = root
	var stderr strings.Builder
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(stderr.String()))
	}
	return strings.TrimSuffix(string(out), "\n"), nil
}

var (
	unreleased = regexp.MustCompile(`(?ms)^## Unreleased\n(.*?)(?:^## |\z)`)
	breakingOf = regexp.MustCompile(`(?m)^(?:### |\*\*)?Breaking(?:\*\*)?\n((?:\n|[-* ].*\n?)*)`)
	quoted     = regexp.MustCompile("`([^`\n]+)`")
)

// breaking returns the names in backquotes in the list Breaking of Unreleased.
func breaking(changelog string) []string {
	section := unreleased.FindStringSubmatch(changelog)
	if section == nil {
		return nil
	}
	list := breakingOf.FindStringSubmatch(section[1])
	if list == nil {
		return nil
	}
	var names []string
	for _, match := range quoted.FindAllStringSubmatch(list[1], -1) {
		names = append(names, match[1])
	}
	return names
}

// unannounced returns a line for each declaration that was dropped or changed and
// whose name is not among the announced ones. The name of a type or package that
// is gone stands for everything in it.
func unannounced(was, is, announced []string) []string {
	names := map[string]string{}
	packages := map[string]bool{}
	for _, line := range is {
		name, declaration, _ := strings.Cut(line, " ")
		names[name] = declaration
		packages[packageOf(name)] = true
	}
	covered := func(name string) bool {
		if slices.Contains(announced, name) {
			return true
		}
		for _, a := range announced {
			_, exists := names[a]
			if strings.HasPrefix(name, a+".") && !exists && !packages[a] {
				return true
			}
		}
		return false
	}
	var problems []string
	for _, line := range was {
		name, declaration, _ := strings.Cut(line, " ")
		now, exists := names[name]
		switch {
		case now == declaration && exists, covered(name):
		case exists:
			problems = append(problems, fmt.Sprintf("%s: %s, was %s", name, now, declaration))
		default:
			problems = append(problems, fmt.Sprintf("%s is gone, was %s", name, declaration))
		}
	}
	return problems
}

// packageOf returns the import path that a name begins with.
func packageOf(name string) string {
	folder := strings.LastIndex(name, "/") + 1
	pkg, _, _ := strings.Cut(name[folder:], ".")
	return name[:folder] + pkg
}
