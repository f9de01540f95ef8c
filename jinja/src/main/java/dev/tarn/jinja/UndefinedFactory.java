package dev.tarn.jinja;

/** Makes the value of a name, attribute or item that does not exist. */
@FunctionalInterface
public interface UndefinedFactory {
    /** Prints as nothing; anything else that needs a value is an error. */
    UndefinedFactory DEFAULT = Undefined::new;

    /** Can be tested for being defined; anything else is an error. */
    UndefinedFactory STRICT = Undefined.Strict::new;

    /** As the default, and its attributes and items are undefined too. */
    UndefinedFactory CHAINABLE = Undefined.Chainable::new;

    Undefined create(Undefined.Origin origin);
}
