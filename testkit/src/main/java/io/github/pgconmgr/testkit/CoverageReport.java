package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes docs/coverage.md: each requirement of docs/requirements.md with the tests that proved it in the last run. The same
 * input gives the same bytes. Needs the JDK alone. Immutable.
 */
public final class CoverageReport {

    private static final Pattern ROW = Pattern.compile("^\\|\\s*([A-Z]+[0-9]+)\\s*\\|\\s*(.*?)\\s*\\|\\s*$");
    private static final int SHORT_LENGTH = 140;
    private static final String HEAD = """
            # Which test proves which requirement

            Written by `make check` from the tests that ran and passed; do not edit. The requirements are those of
            [requirements.md](requirements.md).

            """;

    private final Map<String, String> requirements;
    private final Set<Proof> proofs;

    private CoverageReport(Map<String, String> requirements, Set<Proof> proofs) {
        this.requirements = requirements;
        this.proofs = proofs;
    }

    /**
     * Arguments: requirements.md, the folder of the coverage files, coverage.md; then, optionally, {@code --check}: an
     * outdated coverage.md is an error (and is written all the same, to be committed).
     */
    public static void main(String[] args) throws IOException {
        if (args.length < 3) {
            throw new IllegalArgumentException("usage: CoverageReport REQUIREMENTS COVERAGE-FOLDER OUTPUT [--check]");
        }
        Path output = Path.of(args[2]);
        String before = Files.exists(output) ? Files.readString(output) : "";
        CoverageReport report = read(Path.of(args[0]), Path.of(args[1]));
        String now = report.markdown();
        if (!now.equals(before)) {
            Files.writeString(output, now);
        }
        System.out.println(output.getFileName() + ": " + report.summary());
        if (args.length > 3 && args[3].equals("--check") && !now.equals(before)) {
            System.err.println(output + " was outdated; run make check and commit it");
            System.exit(1);
        }
    }

    static CoverageReport read(Path requirementsFile, Path folder) throws IOException {
        Map<String, String> requirements = new LinkedHashMap<>();
        for (String line : Files.readAllLines(requirementsFile)) {
            Matcher row = ROW.matcher(line);
            if (row.matches() && requirements.put(row.group(1), shortened(row.group(2))) != null) {
                throw new IllegalArgumentException("requirement " + row.group(1) + " is there twice");
            }
        }
        Set<Proof> proofs = readProofs(folder);
        for (Proof proof : proofs) {
            if (!requirements.containsKey(proof.requirement())) {
                throw new IllegalArgumentException("no requirement " + proof.requirement() + ": " + proof.display());
            }
        }
        return new CoverageReport(requirements, proofs);
    }

    String markdown() {
        StringBuilder text = new StringBuilder(HEAD);
        text.append(summary()).append("\n\n| id | requirement | proved by |\n|---|---|---|\n");
        requirements.forEach((id, sentence) -> text.append("| ")
                .append(id)
                .append(" | ")
                .append(sentence)
                .append(" | ")
                .append(testsOf(id))
                .append(" |\n"));
        return text.toString();
    }

    String summary() {
        long proved = requirements.keySet().stream()
                .filter(id -> !provedBy(id).isEmpty())
                .count();
        return proved + " of " + requirements.size() + " requirements are proved by at least one test.";
    }

    private String testsOf(String id) {
        List<String> tests = provedBy(id);
        return tests.isEmpty() ? "not yet" : String.join("<br>", tests);
    }

    private List<String> provedBy(String id) {
        return proofs.stream()
                .filter(proof -> proof.requirement().equals(id))
                .map(Proof::display)
                .distinct()
                .toList();
    }

    private static Set<Proof> readProofs(Path folder) throws IOException {
        Set<Proof> proofs = new TreeSet<>();
        if (!Files.isDirectory(folder)) {
            return proofs;
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> found = Files.list(folder)) {
            found.filter(file -> file.toString().endsWith(".tsv")).forEach(files::add);
        }
        for (Path file : files) {
            for (String line : Files.readAllLines(file)) {
                proofs.add(Proof.fromTsv(line));
            }
        }
        return proofs;
    }

    private static String shortened(String text) {
        int sentence = text.indexOf(". ");
        String first = sentence < 0 ? text : text.substring(0, sentence + 1);
        if (first.length() <= SHORT_LENGTH) {
            return first;
        }
        String cut = first.substring(0, SHORT_LENGTH);
        // An odd number of back-ticks would turn the rest of the row into code.
        long ticks = cut.chars().filter(c -> c == '`').count();
        return cut.substring(0, ticks % 2 == 0 ? cut.lastIndexOf(' ') : cut.lastIndexOf('`'))
                        .stripTrailing() + " ...";
    }
}
