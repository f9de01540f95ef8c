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

    /**
     * @param status 404 when what was asked for is not there, or no longer
     */
    static Shell.Content of(int status, List<String> path, List<Problem> problems) {
        return Shell.Content.of(
                switch (status) {
                    case 404 -> "Not there";
                    case 409 -> "Somebody was first";
                    default -> "Not possible";
                },
                Shell.section(path.isEmpty() ? "" : path.getFirst()),
                "",
                div("card", Problems.all(problems, SHOWN)),
                wayOut());
    }

    static Shell.Content nothing(Ask ask) {
        return Shell.Content.of(
                "Nothing here",
                Shell.section(ask.path().getFirst()),
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
