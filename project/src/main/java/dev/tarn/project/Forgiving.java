package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Undefined;

/** Something that does not exist while a project is read: whatever is done with it is fine. */
final class Forgiving extends Undefined.Chainable {
    Forgiving(Origin origin) {
        super(origin);
    }

    @Override
    public Object call(Arguments arguments) {
        return this;
    }
}
