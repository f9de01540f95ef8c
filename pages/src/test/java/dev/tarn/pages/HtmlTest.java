package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.render;
import static dev.tarn.pages.Html.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HtmlTest {
    @Test
    void textAndAttributesAreEscaped() {
        assertThat(render(el("p", cls("a\"b"), text("<b>&'\0"))))
                .isEqualTo("<p class=\"a&quot;b\">&lt;b&gt;&amp;&#39;\uFFFD</p>");
    }

    @Test
    void attributesMayComeInGroups() {
        Html group = Html.all(cls("x"), el("b", "in"));
        assertThat(render(el("div", group, text("after"))))
                .isEqualTo("<div class=\"x\"><b>in</b>after</div>");
        assertThat(render(el("br"))).isEqualTo("<br>");
    }

    @Test
    void addressesAndHandlersCannotBePutInAsAttributes() {
        assertThatThrownBy(() -> attr("href", "javascript:x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> attr("onclick", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> attr("x y", "z")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "javascript:alert(1), /javascript:alert%281%29",
        "//elsewhere.example, /%2F%2Felsewhere.example",
        "a b+c, /a%20b%2Bc",
        ".., /%252e%252e",
    })
    void aLinkNeverLeadsElsewhere(String segment, String address) {
        assertThat(Link.to(segment)).hasToString(address);
    }

    @Test
    void anEmptyPartOfAQueryIsLeftOut() {
        Link link = Link.to("x").with("q", "a&b").with("at", "");
        assertThat(link).hasToString("/x?q=a%26b");
        assertThat(link.with("q", "")).hasToString("/x");
        assertThat(render(a(Link.to(), "Home"))).isEqualTo("<a href=\"/\">Home</a>");
    }
}
