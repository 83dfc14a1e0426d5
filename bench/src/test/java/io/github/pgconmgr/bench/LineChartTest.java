package io.github.pgconmgr.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class LineChartTest {

    private static Panel panel(double bound) {
        Curve curve = new Curve("a < b");
        curve.add(10, 1);
        curve.add(100, 10);
        curve.add(1000, 100);
        return new Panel("Cost & size", "conmgrs", "ms", bound, List.of(curve));
    }

    private static Document parsed(Panel... panels) throws Exception {
        byte[] svg = LineChart.svg(List.of(panels)).getBytes(StandardCharsets.UTF_8);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg));
    }

    @Test
    void whatGrowsAsTheSizeDoesIsAStraightLineFromCornerToCorner() throws Exception {
        Element line = (Element)
                parsed(panel(Double.NaN)).getElementsByTagName("polyline").item(0);
        assertEquals("76.0,256.0 256.0,148.0 436.0,40.0", line.getAttribute("points"));
    }

    @Test
    void axesAndCurvesAreNamedAndTextIsEscaped() throws Exception {
        String text = parsed(panel(50)).getDocumentElement().getTextContent();
        for (String label : List.of("Cost & size", "conmgrs", "ms", "a < b", "1,000", "target 50")) {
            assertTrue(text.contains(label), label);
        }
    }

    @Test
    void panelsStandTwoInARow() throws Exception {
        Document svg = parsed(panel(50), panel(50), panel(50));
        assertEquals("920", svg.getDocumentElement().getAttribute("width"));
        assertEquals("640", svg.getDocumentElement().getAttribute("height"));
    }

    @Test
    void numbersAreWrittenAsAPersonWould() {
        assertEquals("20,000", LineChart.number(20_000));
        assertEquals("10", LineChart.number(10));
        assertEquals("0.35", LineChart.number(0.35));
    }
}
