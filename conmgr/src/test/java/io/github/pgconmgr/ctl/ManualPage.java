package io.github.pgconmgr.ctl;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A page of docs/reference as a manual page (macros of man(7)). Knows only the Markdown that those pages are made of: headings,
 * paragraphs, fenced blocks, items with or without a term; tables are left out, as what they list follows at length. Confined
 * to its builder.
 */
final class ManualPage {

    /** Of the last change of any of these pages; mandoc wants one. */
    private static final String DATE = "2026-11-21";

    private static final Pattern TERM = Pattern.compile("- ((?:[`*].*?[`*](?:, )?)+): (.*)");
    private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");
    private static final Pattern EMPHASIS = Pattern.compile("(?<![\\\\*])\\*([^*\\\\]+)\\*");

    private final StringBuilder out = new StringBuilder();
    private boolean fenced;
    private boolean named;
    private boolean paragraphDue;
    private boolean inItem;
    private boolean afterHeading;

    private ManualPage() {}

    static String of(String markdown, int section, String version) {
        ManualPage page = new ManualPage();
        List<String> lines = markdown.lines().toList();
        String name = lines.get(0).substring(2);
        page.macro("TH " + name.toUpperCase(Locale.ROOT) + " " + section + " " + DATE + " \"conmgr " + version + "\"");
        page.macro("SH NAME");
        lines.stream().skip(1).filter(line -> !line.startsWith("Printed from ")).forEach(line -> page.line(name, line));
        page.macro("SH SEE ALSO");
        page.out.append("cm_ctl(1), conmgr(1), conmgr.conf(5)\n");
        return page.out.toString();
    }

    private void line(String name, String line) {
        if (line.equals("```")) {
            fenced = !fenced;
            if (fenced && !afterHeading) {
                macro("PP");
            }
            macro(fenced ? "EX" : "EE");
            inItem = false;
            afterHeading = false;
            paragraphDue = !fenced;
        } else if (fenced) {
            out.append(escape(line)).append('\n');
        } else if (line.isEmpty()) {
            paragraphDue = named && !afterHeading;
        } else if (!named) {
            firstParagraph(name, line);
        } else if (line.startsWith("### ")) {
            heading("SS " + line.substring(4));
        } else if (line.startsWith("## ")) {
            heading("SH " + line.substring(3).toUpperCase(Locale.ROOT));
        } else if (!line.startsWith("|")) {
            text(line);
        }
    }

    /** NAME wants one line: the first sentence. All of it stands once more as the beginning of the description. */
    private void firstParagraph(String name, String line) {
        named = true;
        String sentence = line.replaceFirst("[.;] .*|\\.$", "");
        String lower = sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
        out.append(name).append(" \\- ").append(inline(lower)).append('\n');
        if (!line.replaceFirst("\\.$", "").equals(sentence)) {
            heading("SH DESCRIPTION");
            text(line);
        }
    }

    private void heading(String macro) {
        macro(macro);
        paragraphDue = false;
        inItem = false;
        afterHeading = true;
    }

    private void text(String line) {
        var term = TERM.matcher(line);
        if (term.matches()) {
            macro("TP\n" + inline(term.group(1)));
            out.append(inline(term.group(2))).append('\n');
            inItem = true;
        } else if (line.startsWith("- ")) {
            macro("IP \\(bu 2\n" + inline(line.substring(2)));
            inItem = true;
        } else {
            boolean continuesItem = inItem && line.startsWith("  ");
            if (paragraphDue || (inItem && !continuesItem)) {
                macro("PP");
                inItem = false;
            }
            out.append(inline(line.strip())).append('\n');
        }
        paragraphDue = false;
        afterHeading = false;
    }

    private void macro(String text) {
        out.append('.').append(text).append('\n');
    }

    private static String inline(String text) {
        String plain = LINK.matcher(text).replaceAll("$1");
        String marked = CODE.matcher(plain).replaceAll("\u0001$1\u0002");
        String emphasized =
                EMPHASIS.matcher(marked).replaceAll("\u0003$1\u0002").replace("\\*", "*");
        return escape(emphasized)
                .replace("\u0001", "\\fB")
                .replace("\u0002", "\\fR")
                .replace("\u0003", "\\fI");
    }

    /** Backslashes, hyphens that are to be copied as such, and a dot or quote that would begin a request. */
    private static String escape(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
