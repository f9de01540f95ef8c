package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.text;

import dev.tarn.model.Problem;
import java.util.List;

/** Pages that say why there is no other. */
final class ErrorPage {
    private static final int SHOWN = 20;

    private ErrorPage() {}

    static Shell.Content of(List<Problem> problems) {
        return Shell.Content.of(
                "Not possible",
                Shell.HOME,
                "",
                div("card", Problems.all(problems, SHOWN)),
                wayOut());
    }

    static Shell.Content nothing(Ask ask) {
        return Shell.Content.of(
                "Nothing here",
                Shell.HOME,
                "",
                div(
                        "card",
                        Html.p("There is no page /%s.".formatted(String.join("/", ask.path())))),
                wayOut());
    }

    static Shell.Content foreign() {
        return Shell.Content.of(
                "Refused",
                Shell.HOME,
                "",
                div(
                        "card",
                        Html.p(
                                "This was asked by a page of another site or of another program."
                                        + " Open the page here and do it again.")),
                wayOut());
    }

    private static Html wayOut() {
        return el(
                "p",
                a(Shell.HOME.link(), "Home"),
                text(" · "),
                a(Shell.CATALOG.link(), "Catalog"),
                text(" · "),
                a(Shell.RUNS.link(), "Runs"));
    }
}
