package dev.tarn.jinja;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters for HTML and addresses. */
final class HtmlFilters {
    private static final Pattern TAG = Pattern.compile("<!--.*?-->|<[^>]*>", Pattern.DOTALL);
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern ADDRESS =
            Pattern.compile("(?:https?://|www\\.)[^\\s<>()]*[^\\s<>().,;:!?'\"]");
    private static final Pattern KEY_FORBIDDEN = Pattern.compile("[\\s/>=]");

    private HtmlFilters() {}

    static void register(Builtins.Registry filters) {
        filters.add("escape", "", (v, a) -> escape(Values.text(v)))
                .alias("e", "escape")
                .add("forceescape", "", (v, a) -> escape(Values.text(v)))
                .add("safe", "", (v, a) -> Values.text(v))
                .add("striptags", "", (v, a) -> stripTags(Values.text(v)))
                .add("urlencode", "", (v, a) -> urlEncode(v))
                .add(
                        "urlize",
                        "trim_url_limit=None, nofollow=False, target=None, rel=None",
                        HtmlFilters::urlize)
                .add("xmlattr", "autospace=True", HtmlFilters::xmlAttributes);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    private static String unescape(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#39;", "'")
                .replace("&#34;", "\"")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
    }

    private static String stripTags(String text) {
        String bare = TAG.matcher(text).replaceAll("");
        return unescape(SPACES.matcher(bare).replaceAll(" ").strip());
    }

    private static String urlEncode(@Nullable Object value) {
        if (value instanceof String || value == null || Numbers.numeric(value)) {
            return quote(Values.text(value), true);
        }
        StringBuilder out = new StringBuilder();
        Iterator<Object> pairs =
                value instanceof Map<?, ?> map
                        ? new DictView(map, DictView.Part.ITEMS).iterator()
                        : Sequences.iterate(value);
        while (pairs.hasNext()) {
            List<Object> pair = Values.list(pairs.next());
            if (pair.size() != 2) {
                throw ValueErrors.value("urlencode needs pairs of a name and a value");
            }
            out.append(out.isEmpty() ? "" : "&")
                    .append(quote(Values.text(pair.get(0)), false))
                    .append('=')
                    .append(quote(Values.text(pair.get(1)), false));
        }
        return out.toString();
    }

    private static String quote(String text, boolean path) {
        String encoded =
                URLEncoder.encode(text, StandardCharsets.UTF_8)
                        .replace("*", "%2A")
                        .replace("%7E", "~");
        return path ? encoded.replace("+", "%20").replace("%2F", "/") : encoded;
    }

    private static String urlize(@Nullable Object value, Signature.Given given) {
        String rel =
                given.flag(1)
                        ? "nofollow noopener"
                        : given.get(3) == null ? "noopener" : given.string(3);
        String target = given.get(2) == null ? "" : " target=\"" + escape(given.string(2)) + "\"";
        int limit = given.get(0) == null ? Integer.MAX_VALUE : given.size(0);
        Matcher matcher = ADDRESS.matcher(escape(Values.text(value)));
        return matcher.replaceAll(match -> {
            String address = match.group();
            String link = address.startsWith("www.") ? "https://" + address : address;
            String shown = address.length() > limit ? address.substring(0, limit) + "..." : address;
            return Matcher.quoteReplacement(
                    "<a href=\"" + link + "\" rel=\"" + rel + "\"" + target + ">" + shown + "</a>");
        });
    }

    private static String xmlAttributes(@Nullable Object value, Signature.Given given) {
        if (!(value instanceof Map<?, ?> map)) {
            throw ValueErrors.cannot(value, "has no attributes");
        }
        StringBuilder out = new StringBuilder();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (entry.getValue() == null || entry.getValue() instanceof Undefined) {
                continue;
            }
            String key = Values.text(entry.getKey());
            if (KEY_FORBIDDEN.matcher(key).find()) {
                throw ValueErrors.value(
                        "Invalid character in attribute name: " + Values.representation(key));
            }
            out.append(out.isEmpty() ? "" : " ")
                    .append(escape(key))
                    .append("=\"")
                    .append(escape(Values.text(entry.getValue())))
                    .append('"');
        }
        return given.flag(0) && !out.isEmpty() ? " " + out : out.toString();
    }
}
