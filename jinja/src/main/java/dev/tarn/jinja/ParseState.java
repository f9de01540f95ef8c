package dev.tarn.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the parser knows about the surroundings of the place it is at. */
final class ParseState {
    static final int DEEPEST = 200;

    final List<CallSite> calls = new ArrayList<>();
    private final Deque<Names> macros = new ArrayDeque<>();
    private final Deque<boolean[]> loops = new ArrayDeque<>();
    private boolean conditional;
    private int depth;
    @Nullable String block;

    /** Which of the special names the body of a macro uses. */
    static final class Names {
        boolean caller;
        boolean varargs;
        boolean kwargs;
    }

    /** Notes the use of a name. */
    void use(String name) {
        switch (name) {
            case "caller" -> macros.forEach(names -> names.caller = true);
            case "varargs" -> macros.forEach(names -> names.varargs = true);
            case "kwargs" -> macros.forEach(names -> names.kwargs = true);
            case "loop" -> useLoop();
            default -> {}
        }
    }

    /** Notes that the loops around may need their variable. */
    void useLoop() {
        loops.forEach(used -> used[0] = true);
    }

    Names enterMacro() {
        Names names = new Names();
        macros.push(names);
        return names;
    }

    void leaveMacro() {
        macros.pop();
    }

    boolean[] enterLoop() {
        boolean[] used = new boolean[1];
        loops.push(used);
        return used;
    }

    void leaveLoop() {
        loops.pop();
    }

    /** Says whether an unknown filter or test may stay, because a condition guards it. */
    boolean conditional() {
        return conditional;
    }

    /** Sets whether a condition guards what follows; returns what held before. */
    boolean conditional(boolean now) {
        boolean before = conditional;
        conditional = now;
        return before;
    }

    void nest(Mark mark) {
        if (++depth > DEEPEST) {
            throw LimitErrors.nesting(DEEPEST).at(mark);
        }
    }

    void unnest() {
        depth--;
    }
}
