package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.FeedSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FeedFilesTest {
    @TempDir Path folder;

    @Test
    void withoutAFileThereAreNoFeeds() {
        assertThat(FeedFiles.read(folder)).isEmpty();
    }

    @Test
    void aFeedHasATableAKeyAndWhatItsSystemUnderstands() {
        List<FeedSpec> feeds =
                FeedFiles.read(
                        """
                        feeds:
                          - name: orders
                            table: gold.orders
                            to: kafka
                            key: [a, b]
                            topic: t
                            client: {linger.ms: 20}
                        """);

        assertThat(feeds).hasSize(1);
        FeedSpec feed = feeds.getFirst();
        assertThat(feed.place().toString()).isEqualTo("feeds.yml:2:11");
        assertThat(feed.table()).isEqualTo(new TableName("gold", "orders"));
        assertThat(feed.key()).containsExactly("a", "b");
        assertThat(feed.settings()).isEqualTo(Map.of("topic", "t", "client.linger.ms", "20"));
    }

    @Test
    void allThatIsWrongIsToldTogether() {
        assertThatThrownBy(() ->
                        FeedFiles.read(
                                """
                                feeds:
                                  - {name: "a b", table: s.t, to: kafka}
                                  - {name: x, table: t, to: kafka}
                                  - {name: x, table: s.t, to: kafka}
                                  - {name: y, table: s.t}
                                feed: {}
                                """))
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e ->
                                assertThat(e.problems().stream().map(p -> p.message()))
                                        .containsExactly(
                                                "The name of a feed has letters, digits, '_' and '-', at most 60 of them, and not 'a b'.",
                                                "Table name 't' must have two parts: schema.table.",
                                                "There is a feed 'x' in line 3 already. Rename one of them.",
                                                "A feed has no 'to'. Add it.",
                                                "The file has no key 'feed'. Did you mean 'feeds'?"));
    }
}
