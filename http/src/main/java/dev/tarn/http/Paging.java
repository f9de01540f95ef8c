package dev.tarn.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a server cuts what it has into pages. Which page is meant is a text; none means the first.
 */
sealed interface Paging {
    /** Where a page is. */
    URI at(URI first, Optional<String> state);

    /** What has to be known of a page to find the next one. */
    default List<JsonPath> wanted() {
        return List.of();
    }

    /** Which page follows; empty behind the last one. */
    Optional<String> next(Optional<String> state, Seen page);

    /** Whether pages are counted, so that a server that does not count gives the same one again. */
    default boolean counts() {
        return false;
    }

    /**
     * What is known of a page.
     *
     * @param records how many it has
     * @param values scalars by their path
     * @param last a value of its last record
     */
    record Seen(
            Answer answer,
            int records,
            Map<JsonPath, String> values,
            java.util.function.Function<JsonPath, Optional<String>> last) {}

    /** All of it at once. */
    record Whole() implements Paging {
        @Override
        public URI at(URI first, Optional<String> state) {
            return first;
        }

        @Override
        public Optional<String> next(Optional<String> state, Seen page) {
            return Optional.empty();
        }
    }

    /**
     * Pages with numbers, up to one without records.
     *
     * @param pages where the answer says how many there are
     */
    record Numbered(String param, long start, Optional<JsonPath> pages) implements Paging {
        @Override
        public URI at(URI first, Optional<String> state) {
            return Addresses.with(first, Map.of(param, state.orElse(String.valueOf(start))));
        }

        @Override
        public List<JsonPath> wanted() {
            return pages.stream().toList();
        }

        @Override
        public Optional<String> next(Optional<String> state, Seen page) {
            long number = state.map(Paging::whole).orElse(start);
            Optional<Long> all = pages.map(page.values()::get).flatMap(Paging::count);
            boolean last = all.filter(a -> number - start + 1 >= a).isPresent();
            return page.records() == 0 || last
                    ? Optional.empty()
                    : Optional.of(String.valueOf(number + 1));
        }

        @Override
        public boolean counts() {
            return true;
        }
    }

    /**
     * So many records further on, up to a page without records.
     *
     * @param total where the answer says how many records there are
     */
    record Offset(String param, long start, Optional<JsonPath> total) implements Paging {
        @Override
        public URI at(URI first, Optional<String> state) {
            return Addresses.with(first, Map.of(param, state.orElse(String.valueOf(start))));
        }

        @Override
        public List<JsonPath> wanted() {
            return total.stream().toList();
        }

        @Override
        public Optional<String> next(Optional<String> state, Seen page) {
            long next = state.map(Paging::whole).orElse(start) + page.records();
            Optional<Long> all = total.map(page.values()::get).flatMap(Paging::count);
            boolean last = all.filter(a -> next - start >= a).isPresent();
            return page.records() == 0 || last
                    ? Optional.empty()
                    : Optional.of(String.valueOf(next));
        }

        @Override
        public boolean counts() {
            return true;
        }
    }

    /**
     * The answer has a text that asks for the next page.
     *
     * @param next where it stands; in the last record if {@code ofLast}
     */
    record Cursor(String param, JsonPath next, boolean ofLast) implements Paging {
        @Override
        public URI at(URI first, Optional<String> state) {
            return state.map(s -> Addresses.with(first, Map.of(param, s))).orElse(first);
        }

        @Override
        public List<JsonPath> wanted() {
            return ofLast ? List.of() : List.of(next);
        }

        @Override
        public Optional<String> next(Optional<String> state, Seen page) {
            Optional<String> found =
                    ofLast ? page.last().apply(next) : Optional.ofNullable(page.values().get(next));
            return found.filter(f -> !f.isEmpty() && !f.equals("false"));
        }
    }

    /** The answer's header {@code Link} has the next page. */
    record LinkHeader() implements Paging {
        private static final Pattern LINK = Pattern.compile("<([^>]*)>([^,<]*)");
        private static final Pattern NEXT =
                Pattern.compile("(?i);\\s*rel\\s*=\\s*(\"[^\"]*\\bnext\\b[^\"]*\"|next\\b)");

        @Override
        public URI at(URI first, Optional<String> state) {
            return state.map(URI::create).orElse(first);
        }

        @Override
        public Optional<String> next(Optional<String> state, Seen page) {
            for (String header : page.answer().headers().allValues("Link")) {
                Matcher link = LINK.matcher(header);
                while (link.find()) {
                    if (NEXT.matcher(link.group(2)).find()) {
                        return resolved(page, link.group(1));
                    }
                }
            }
            return Optional.empty();
        }
    }

    /** The answer has the address of the next page. */
    record NextAddress(JsonPath next) implements Paging {
        @Override
        public URI at(URI first, Optional<String> state) {
            return state.map(URI::create).orElse(first);
        }

        @Override
        public List<JsonPath> wanted() {
            return List.of(next);
        }

        @Override
        public Optional<String> next(Optional<String> state, Seen page) {
            return Optional.ofNullable(page.values().get(next))
                    .filter(n -> !n.isEmpty())
                    .flatMap(n -> resolved(page, n));
        }
    }

    /** Any of them, as long as the answer says that there is more. */
    record WhileMore(Paging paging, JsonPath more) implements Paging {
        @Override
        public URI at(URI first, Optional<String> state) {
            return paging.at(first, state);
        }

        @Override
        public List<JsonPath> wanted() {
            List<JsonPath> all = new ArrayList<>(paging.wanted());
            all.add(more);
            return all;
        }

        @Override
        public Optional<String> next(Optional<String> state, Seen page) {
            return "true".equals(page.values().get(more))
                    ? paging.next(state, page)
                    : Optional.empty();
        }

        @Override
        public boolean counts() {
            return paging.counts();
        }
    }

    private static Optional<String> resolved(Seen page, String address) {
        try {
            return Optional.of(Addresses.resolved(page.answer().uri(), address.strip()).toString());
        } catch (IllegalArgumentException e) {
            return Optional.of(address);
        }
    }

    /**
     * How many there are; empty where the answer says something else, so that nothing is left out.
     */
    private static Optional<Long> count(String text) {
        return text.matches("\\d{1,15}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private static long whole(String text) {
        return text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
    }

    /** What settings say, everything that is wrong with them included. */
    static Paging of(SettingsReader settings) {
        String by =
                settings.oneOf(
                        "paginate.by",
                        "none",
                        List.of("none", "page", "offset", "cursor", "link", "next_url"));
        Paging paging =
                switch (by) {
                    case "page" ->
                            new Numbered(
                                    settings.text("paginate.param").orElse("page"),
                                    settings.number("paginate.start", 1, 1_000_000_000L),
                                    settings.text("paginate.pages").map(JsonPath::of));
                    case "offset" ->
                            new Offset(
                                    settings.text("paginate.param").orElse("offset"),
                                    settings.number("paginate.start", 0, 1_000_000_000L),
                                    settings.text("paginate.total").map(JsonPath::of));
                    case "cursor" -> cursor(settings);
                    case "link" -> new LinkHeader();
                    case "next_url" ->
                            new NextAddress(
                                    JsonPath.of(
                                            settings.required(
                                                    "paginate.next",
                                                    "it says where the answer has the address")));
                    default -> new Whole();
                };
        return settings.text("paginate.more")
                .<Paging>map(more -> new WhileMore(paging, JsonPath.of(more)))
                .orElse(paging);
    }

    private static Paging cursor(SettingsReader settings) {
        Optional<String> last = settings.text("paginate.last");
        if (last.isPresent() && settings.text("paginate.cursor").isPresent()) {
            settings.add(
                    HttpErrors.together(
                            settings.place(),
                            "paginate.cursor",
                            "paginate.last",
                            "the cursor stands in one place"));
        }
        String next =
                last.orElseGet(() ->
                        settings.required(
                                "paginate.cursor",
                                "it says where the answer has the text that asks for the next page"));
        return new Cursor(
                settings.text("paginate.param").orElse("cursor"),
                JsonPath.of(next),
                last.isPresent());
    }

    /** The parameters that all pages are asked with. */
    static Map<String, String> size(SettingsReader settings) {
        Map<String, String> params = new HashMap<>();
        Optional<String> name = settings.text("paginate.size_param");
        Optional<String> size = settings.text("paginate.size");
        if (name.isPresent() != size.isPresent()) {
            settings.add(
                    HttpErrors.missing(
                            settings.place(),
                            name.isPresent() ? "paginate.size" : "paginate.size_param",
                            "size and its parameter belong together"));
        }
        if (name.isPresent() && size.isPresent()) {
            params.put(
                    name.get(), String.valueOf(settings.number("paginate.size", 100, 1_000_000)));
        }
        return params;
    }
}
