package dev.tarn.jinja;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The language that templates are written in: options, globals, filters, tests and tags. */
public final class JinjaEnvironment {
    private final Builder options;
    private final Map<String, Object> globals;
    private final Map<String, Builtins.FilterBody> filters;
    private final Map<String, Builtins.TestBody> tests;
    private final Map<String, BlockTag> blockTags;
    private final Lexer.LexerOptions lexerOptions;
    private final Map<String, Template> loaded = new ConcurrentHashMap<>();

    private JinjaEnvironment(Builder builder) {
        this.options = builder;
        this.globals = new HashMap<>(Globals.ALL);
        this.globals.putAll(builder.globals);
        this.filters = new HashMap<>(Builtins.FILTERS);
        this.filters.putAll(builder.filters);
        this.tests = new HashMap<>(Builtins.TESTS);
        this.tests.putAll(builder.tests);
        this.blockTags = Map.copyOf(builder.blockTags);
        Set<String> raw = new HashSet<>();
        for (BlockTag tag : blockTags.values()) {
            if (tag.body() == BlockTag.Body.RAW) {
                raw.add(tag.name());
            }
        }
        this.lexerOptions =
                new Lexer.LexerOptions(
                        builder.trimBlocks,
                        builder.lstripBlocks,
                        builder.keepTrailingNewline,
                        Set.copyOf(raw));
    }

    /** Starts an environment with Jinja's own defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Compiles a template. */
    public Template parse(String name, String source) {
        return parse(name, source, false);
    }

    /** Compiles a file for the sake of its blocks: unknown tags beside them are passed over. */
    public Template parseBlocks(String name, String source) {
        return parse(name, source, true);
    }

    private Template parse(String name, String source, boolean forBlocks) {
        TemplateSource templateSource = new TemplateSource(name, source);
        try {
            Parser parser = new Parser(this, templateSource, forBlocks);
            return new Template(this, templateSource, parser.parse());
        } catch (StackOverflowError e) {
            throw LimitErrors.stack().at(new Mark(templateSource, 0));
        }
    }

    /** Returns a template from the loader, which is asked once for each name. */
    public Template template(String name) {
        Template known = loaded.get(name);
        if (known != null) {
            return known;
        }
        String source =
                options.loader
                        .load(name)
                        .orElseThrow(() ->
                                JinjaException.of(
                                        JinjaException.Kind.TEMPLATE_NOT_FOUND,
                                        "Template '" + name + "' was not found."));
        Template template = parse(name, source);
        loaded.put(name, template);
        return template;
    }

    Limits limits() {
        return options.limits;
    }

    UndefinedFactory undefined() {
        return options.undefined;
    }

    boolean loopControls() {
        return options.loopControls;
    }

    boolean typedParameters() {
        return options.typedParameters;
    }

    Lexer.LexerOptions lexerOptions() {
        return lexerOptions;
    }

    @Nullable Object global(String name) {
        Object value = globals.get(name);
        return value == null && !globals.containsKey(name) ? Missing.VALUE : value;
    }

    Builtins.@Nullable FilterBody filter(String name) {
        return filters.get(name);
    }

    Builtins.@Nullable TestBody test(String name) {
        return tests.get(name);
    }

    Set<String> filterNames() {
        return filters.keySet();
    }

    Set<String> testNames() {
        return tests.keySet();
    }

    @Nullable BlockTag blockTag(String name) {
        return blockTags.get(name);
    }

    Set<String> blockTagNames() {
        return blockTags.keySet();
    }

    /** Collects the options of an environment. */
    public static final class Builder {
        private final Map<String, Object> globals = new HashMap<>();
        private final Map<String, Builtins.FilterBody> filters = new HashMap<>();
        private final Map<String, Builtins.TestBody> tests = new HashMap<>();
        private final Map<String, BlockTag> blockTags = new HashMap<>();
        private boolean trimBlocks;
        private boolean lstripBlocks;
        private boolean keepTrailingNewline;
        private boolean loopControls;
        private boolean typedParameters;
        private Limits limits = Limits.defaults();
        private UndefinedFactory undefined = UndefinedFactory.DEFAULT;
        private TemplateLoader loader = name -> Optional.empty();

        private Builder() {}

        private Builder(Builder other) {
            globals.putAll(other.globals);
            filters.putAll(other.filters);
            tests.putAll(other.tests);
            blockTags.putAll(other.blockTags);
            trimBlocks = other.trimBlocks;
            lstripBlocks = other.lstripBlocks;
            keepTrailingNewline = other.keepTrailingNewline;
            loopControls = other.loopControls;
            typedParameters = other.typedParameters;
            limits = other.limits;
            undefined = other.undefined;
            loader = other.loader;
        }

        /** Removes the first line break after a block tag. */
        public Builder trimBlocks() {
            trimBlocks = true;
            return this;
        }

        /** Removes blanks between the start of a line and a block tag. */
        public Builder lstripBlocks() {
            lstripBlocks = true;
            return this;
        }

        /** Keeps a single line break at the end of a template. */
        public Builder keepTrailingNewline() {
            keepTrailingNewline = true;
            return this;
        }

        /** Enables {@code break} and {@code continue}. */
        public Builder loopControls() {
            loopControls = true;
            return this;
        }

        /** Allows types on the parameters of macros, which are not checked. */
        public Builder typedParameters() {
            typedParameters = true;
            return this;
        }

        public Builder global(String name, @Nullable Object value) {
            globals.put(name, value);
            return this;
        }

        public Builder filter(String name, Filter filter) {
            filters.put(name, (site, value, arguments) -> filter.apply(value, arguments));
            return this;
        }

        public Builder test(String name, Test test) {
            tests.put(name, (site, value, arguments) -> test.check(value, arguments));
            return this;
        }

        public Builder blockTag(BlockTag tag) {
            blockTags.put(tag.name(), tag);
            return this;
        }

        public Builder loader(TemplateLoader templateLoader) {
            loader = templateLoader;
            return this;
        }

        public Builder limits(Limits newLimits) {
            limits = newLimits;
            return this;
        }

        public Builder undefined(UndefinedFactory factory) {
            undefined = factory;
            return this;
        }

        public JinjaEnvironment build() {
            return new JinjaEnvironment(new Builder(this));
        }
    }
}
