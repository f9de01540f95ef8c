package dev.tarn.pages;

import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.el;

import dev.tarn.app.TableReport;
import dev.tarn.model.graph.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The code that makes a table: as somebody wrote it, and as it runs. */
final class AssetCode {
    private final Path root;

    AssetCode(Path root) {
        this.root = root;
    }

    Html show(AssetPages.Asset asset) {
        Optional<Node> node = asset.node();
        if (node.isEmpty()) {
            return asset.report()
                    .flatMap(TableReport::sql)
                    .map(sql -> Source.show(sql, "view.sql", 0))
                    .orElseGet(() -> Shell.empty("No code of this project makes it.", ""));
        }
        String file = node.get().common().place().file();
        Html source =
                FilePage.read(root, List.of(file.split("/", -1)))
                        .map(s ->
                                Source.show(
                                        s,
                                        file,
                                        Math.max(
                                                0,
                                                node.get().common().place().line() > 1
                                                        ? node.get().common().place().line()
                                                        : 0)))
                        .orElseGet(() -> FilePage.absent(file));
        Html compiled =
                node.get() instanceof Node.Model model && !model.isPython()
                        ? el(
                                "div",
                                el("h2", "Compiled"),
                                Source.show(model.sql().sql().strip(), "compiled.sql", 0),
                                model.incrementalSql()
                                        .map(s ->
                                                Html.all(
                                                        el("p", ""),
                                                        el(
                                                                "h2",
                                                                "Compiled, when the table is there"),
                                                        Source.show(
                                                                s.sql().strip(),
                                                                "incremental.sql",
                                                                0)))
                                        .orElse(Html.NOTHING))
                        : Html.NOTHING;
        Html left = el("div", el("h2", Problems.place(node.get().common().place())), source);
        return compiled.equals(Html.NOTHING) ? left : div("cols", left, compiled);
    }
}
