package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code docs.node_color}: how a node looks in documentation, by a name of CSS or as a number. */
final class DocsColor {
    private static final Pattern NUMBER = Pattern.compile("#([0-9a-fA-F]{3}){1,2}");

    /** The names that CSS gives to colors. */
    private static final Set<String> NAMES =
            Set.of(
                    """
                    aliceblue antiquewhite aqua aquamarine azure beige bisque black
                    blanchedalmond blue blueviolet brown burlywood cadetblue chartreuse
                    chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan
                    darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta
                    darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen
                    darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink
                    deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen
                    fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey
                    honeydew hotpink indianred indigo ivory khaki lavender lavenderblush
                    lawngreen lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow
                    lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen
                    lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime
                    limegreen linen magenta maroon mediumaquamarine mediumblue mediumorchid
                    mediumpurple mediumseagreen mediumslateblue mediumspringgreen
                    mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin
                    navajowhite navy oldlace olive olivedrab orange orangered orchid
                    palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff
                    peru pink plum powderblue purple rebeccapurple red rosybrown royalblue
                    saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue
                    slateblue slategray slategrey snow springgreen steelblue tan teal thistle
                    tomato turquoise violet wheat white whitesmoke yellow yellowgreen
                    transparent
                    """
                            .strip()
                            .split("\\s+"));

    private DocsColor() {}

    static void check(Draft draft, Problems problems) {
        Optional<YamlValue> docs = draft.settings.find("docs");
        docs.ifPresent(d -> check(draft, d, problems));
        draft.entry
                .flatMap(e -> e.find("docs"))
                .filter(d -> docs.filter(d::equals).isEmpty())
                .ifPresent(d -> check(draft, d, problems));
    }

    private static void check(Draft draft, YamlValue docs, Problems problems) {
        if (docs instanceof Mapping mapping
                && mapping.find("node_color").map(Entry::value).orElse(null) instanceof Scalar said
                && !said.isNull()
                && !NUMBER.matcher(said.text()).matches()
                && !NAMES.contains(said.text().toLowerCase(Locale.ROOT))) {
            problems.add(unknown(said.place(), draft.name, said.text()));
        }
    }

    private static Problem unknown(Place place, String node, String written) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                ("'%s' has the node_color '%s', which is neither a color's name in CSS nor a number."
                                + " Write, for example, 'gold' or '#cd7f32'.")
                        .formatted(node, written));
    }
}
