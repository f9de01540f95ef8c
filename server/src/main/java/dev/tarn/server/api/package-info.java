/** The HTTP API of Tarn itself: what people can do from the command line, as resources. */
@NullMarked
package dev.tarn.server.api;

import org.jspecify.annotations.NullMarked;
