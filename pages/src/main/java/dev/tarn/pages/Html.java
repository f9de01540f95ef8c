package dev.tarn.pages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A piece of a page. Text is escaped because it is text, addresses come from {@link Link} only, and
 * there is no way to put ready-made markup in: what people, files and tables say can therefore
 * never become markup.
 */
sealed interface Html {
    /** Something within an element's tag: an attribute, or nothing. */
    record Attribute(String name, String value) implements Html {
        public Attribute {
            boolean plain = !name.isEmpty() && name.chars().allMatch(Attribute::isPlain);
            if (!plain || name.regionMatches(true, 0, "on", 0, 2)) {
                throw new IllegalArgumentException("Not an attribute for a page: " + name);
            }
        }

        private static boolean isPlain(int c) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-';
        }
    }

    /** Words. */
    record Text(String text) implements Html {}

    /** Several pieces, one after the other. */
    record Several(List<Html> pieces) implements Html {
        public Several {
            pieces = List.copyOf(pieces);
        }
    }

    /** An element with its attributes and what it holds. */
    record Element(String tag, List<Html> pieces) implements Html {
        public Element {
            pieces = List.copyOf(pieces);
        }
    }

    /** Elements that hold nothing. */
    Set<String> VOID = Set.of("br", "hr", "img", "input", "link", "meta", "col", "wbr");

    Html NOTHING = new Several(List.of());

    static Html el(String tag, Html... pieces) {
        return new Element(tag, Arrays.asList(pieces));
    }

    /** An element that holds a text and nothing else. */
    static Html el(String tag, String text) {
        return new Element(tag, List.of(new Text(text)));
    }

    static Html text(String text) {
        return new Text(text);
    }

    static Html attr(String name, String value) {
        if (name.equals("href")
                || name.equals("src")
                || name.equals("action")
                || name.equals("formaction")) {
            throw new IllegalArgumentException("Addresses are made by Link");
        }
        return new Attribute(name, value);
    }

    static Html attr(String name, long value) {
        return new Attribute(name, Long.toString(value));
    }

    static Html href(Link link) {
        return new Attribute("href", link.toString());
    }

    static Html src(Link link) {
        return new Attribute("src", link.toString());
    }

    static Html action(Link link) {
        return new Attribute("action", link.toString());
    }

    static Html cls(String names) {
        return new Attribute("class", names);
    }

    static Html div(String names, Html... pieces) {
        return with("div", names, pieces);
    }

    static Html span(String names, String text) {
        return el("span", cls(names), text(text));
    }

    static Html span(String names, Html... pieces) {
        return with("span", names, pieces);
    }

    static Html with(String tag, String names, Html... pieces) {
        List<Html> all = new ArrayList<>(pieces.length + 1);
        if (!names.isEmpty()) {
            all.add(cls(names));
        }
        all.addAll(Arrays.asList(pieces));
        return new Element(tag, all);
    }

    static Html p(String text) {
        return el("p", text);
    }

    static Html a(Link link, String text) {
        return el("a", href(link), text(text));
    }

    static Html a(Link link, Html... pieces) {
        List<Html> all = new ArrayList<>(pieces.length + 1);
        all.add(href(link));
        all.addAll(Arrays.asList(pieces));
        return new Element("a", all);
    }

    static Html code(String text) {
        return el("code", text);
    }

    static Html all(Html... pieces) {
        return new Several(Arrays.asList(pieces));
    }

    static Html all(List<Html> pieces) {
        return new Several(pieces);
    }

    static <T> Html each(Collection<T> things, Function<? super T, Html> piece) {
        List<Html> pieces = new ArrayList<>(things.size());
        things.forEach(thing -> pieces.add(piece.apply(thing)));
        return new Several(pieces);
    }

    static Html when(boolean condition, Html piece) {
        return condition ? piece : NOTHING;
    }

    /** The markup of a piece. */
    static String render(Html html) {
        StringBuilder out = new StringBuilder(16_384);
        write(html, out);
        return out.toString();
    }

    private static void write(Html html, StringBuilder out) {
        switch (html) {
            case Text t -> escape(t.text(), out);
            case Several s -> {
                for (Html piece : s.pieces()) {
                    write(piece, out);
                }
            }
            case Attribute a ->
                    throw new IllegalStateException("An attribute outside of a tag: " + a.name());
            case Element e -> {
                out.append('<').append(e.tag());
                boolean holds = false;
                for (Html piece : e.pieces()) {
                    holds |= !attributes(piece, out);
                }
                out.append('>');
                if (VOID.contains(e.tag())) {
                    return;
                }
                if (holds) {
                    for (Html piece : e.pieces()) {
                        if (!(piece instanceof Attribute)) {
                            content(piece, out);
                        }
                    }
                }
                out.append("</").append(e.tag()).append('>');
            }
        }
    }

    /** Writes the attributes of a piece; says whether it was nothing but attributes. */
    private static boolean attributes(Html piece, StringBuilder out) {
        switch (piece) {
            case Attribute a -> {
                out.append(' ').append(a.name()).append("=\"");
                escape(a.value(), out);
                out.append('"');
                return true;
            }
            case Several s -> {
                boolean only = true;
                for (Html inner : s.pieces()) {
                    only &= inner instanceof Attribute && attributes(inner, out);
                }
                return only;
            }
            case Text t -> {
                return false;
            }
            case Element e -> {
                return false;
            }
        }
    }

    private static void content(Html piece, StringBuilder out) {
        if (piece instanceof Several s) {
            for (Html inner : s.pieces()) {
                if (!(inner instanceof Attribute)) {
                    content(inner, out);
                }
            }
        } else {
            write(piece, out);
        }
    }

    private static void escape(String text, StringBuilder out) {
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isSpecial(text.charAt(i))) {
                out.append(text, from, i);
                escape(text.charAt(i), out);
                from = i + 1;
            }
        }
        out.append(text, from, text.length());
    }

    private static boolean isSpecial(char c) {
        return c < ' ' || c == '<' || c == '>' || c == '&' || c == '"' || c == '\'' || c == 0x7f;
    }

    private static void escape(char c, StringBuilder out) {
        switch (c) {
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '&' -> out.append("&amp;");
            case '"' -> out.append("&quot;");
            case '\'' -> out.append("&#39;");
            case '\n', '\t', '\r' -> out.append(c);
            // What no page may hold is shown as the sign for it.
            default -> out.append('\uFFFD');
        }
    }
}
