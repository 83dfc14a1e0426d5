package io.github.pgconmgr.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Panels of lines as an SVG picture, two beside one another. Both axes are logarithmic, in whole decades: what grows as the size does is a line
 * with the same slope everywhere. Stateless.
 */
final class LineChart {

    private static final int COLUMNS = 2;
    private static final int PANEL_WIDTH = 460;
    private static final int PANEL_HEIGHT = 320;
    private static final int LEFT = 76;
    private static final int RIGHT = 24;
    private static final int TOP = 40;
    private static final int BOTTOM = 64;
    private static final List<String> COLORS = List.of("#1f5fa8", "#c2551d", "#3a7d34");

    /** From which power of ten to which, and where that is in the panel. */
    private record Axis(int from, int to, double begin, double end) {

        double at(double value) {
            return begin + (end - begin) * (Math.log10(value) - from) / (to - from);
        }

        static Axis over(DoubleStream values, double begin, double end) {
            double[] all = values.filter(value -> value > 0).toArray();
            int from = (int) Math.floor(Math.log10(DoubleStream.of(all).min().orElse(1)) + 1e-9);
            int to = (int) Math.ceil(Math.log10(DoubleStream.of(all).max().orElse(10)) - 1e-9);
            return new Axis(from, Math.max(to, from + 1), begin, end);
        }
    }

    private LineChart() {}

    static String svg(List<Panel> panels) {
        int rows = (panels.size() + COLUMNS - 1) / COLUMNS;
        int width = COLUMNS * PANEL_WIDTH;
        int height = rows * PANEL_HEIGHT;
        StringBuilder out = new StringBuilder(text(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\" "
                        + "font-family=\"sans-serif\" font-size=\"12\">\n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
                width, height));
        for (int i = 0; i < panels.size(); i++) {
            int x = i % COLUMNS * PANEL_WIDTH;
            int y = i / COLUMNS * PANEL_HEIGHT;
            out.append(text("<g transform=\"translate(%d %d)\">\n", x, y));
            draw(panels.get(i), out);
            out.append("</g>\n");
        }
        return out.append("</svg>\n").toString();
    }

    private static void draw(Panel panel, StringBuilder out) {
        Axis x = Axis.over(values(panel, Curve.Point::size), LEFT, PANEL_WIDTH - RIGHT);
        DoubleStream heights = DoubleStream.concat(values(panel, Curve.Point::value), DoubleStream.of(bounds(panel)));
        Axis y = Axis.over(heights, PANEL_HEIGHT - BOTTOM, TOP);
        label(out, PANEL_WIDTH / 2.0, TOP - 18, "middle", "font-weight=\"bold\"", panel.title());
        label(out, (x.begin + x.end) / 2, y.begin + 34, "middle", "", panel.sizes());
        out.append(text("<g transform=\"rotate(-90 16 %.1f)\">", (y.begin + y.end) / 2));
        label(out, 16, (y.begin + y.end) / 2, "middle", "", panel.unit());
        out.append("</g>\n");
        grid(x, y, out);
        if (!Double.isNaN(panel.bound())) {
            line(out, x.begin, y.at(panel.bound()), x.end, y.at(panel.bound()), "#a00 stroke-dasharray=\"6 4\"");
            label(out, x.end, y.at(panel.bound()) - 5, "end", "fill=\"#a00\"", "target " + number(panel.bound()));
        }
        for (int i = 0; i < panel.curves().size(); i++) {
            curve(panel.curves().get(i), x, y, i, out);
        }
    }

    private static double[] bounds(Panel panel) {
        return Double.isNaN(panel.bound()) ? new double[0] : new double[] {panel.bound()};
    }

    private static DoubleStream values(Panel panel, ToDoubleFunction<Curve.Point> coordinate) {
        return panel.curves().stream().flatMap(curve -> curve.points().stream()).mapToDouble(coordinate);
    }

    private static void grid(Axis x, Axis y, StringBuilder out) {
        for (int power = x.from; power <= x.to; power++) {
            double at = x.at(Math.pow(10, power));
            line(out, at, y.begin, at, y.end, "#ddd");
            label(out, at, y.begin + 16, "middle", "", number(Math.pow(10, power)));
        }
        for (int power = y.from; power <= y.to; power++) {
            double at = y.at(Math.pow(10, power));
            line(out, x.begin, at, x.end, at, "#ddd");
            label(out, x.begin - 6, at + 4, "end", "", number(Math.pow(10, power)));
        }
    }

    private static void curve(Curve curve, Axis x, Axis y, int number, StringBuilder out) {
        String color = COLORS.get(number % COLORS.size());
        List<String> corners = new ArrayList<>();
        for (Curve.Point point : curve.points()) {
            corners.add(text("%.1f,%.1f", x.at(point.size()), y.at(point.value())));
            out.append(text(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"><title>%s</title></circle>\n",
                    x.at(point.size()),
                    y.at(point.value()),
                    color,
                    escaped(number(point.size()) + ": " + number(point.value()))));
        }
        out.append(text(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n",
                String.join(" ", corners), color));
        double legendY = TOP + 16 + 16.0 * number;
        line(out, LEFT + 10, legendY - 4, LEFT + 30, legendY - 4, color);
        label(out, LEFT + 36, legendY, "start", "", curve.name());
    }

    private static void line(StringBuilder out, double x1, double y1, double x2, double y2, String style) {
        // The style is a color, perhaps with more attributes behind it.
        int blank = style.indexOf(' ');
        String color = blank < 0 ? style : style.substring(0, blank);
        String more = blank < 0 ? "" : style.substring(blank);
        out.append(text(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"%s/>\n",
                x1, y1, x2, y2, color, more));
    }

    private static void label(StringBuilder out, double x, double y, String anchor, String more, String said) {
        out.append(text(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>\n", x, y, anchor, more, escaped(said)));
    }

    /** As a person writes it: 20,000 or 0.35. */
    static String number(double value) {
        if (value >= 100) {
            return text("%,.0f", value);
        }
        String plain = text("%.3f", value);
        return plain.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    private static String escaped(String said) {
        return said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
