/** What is taken over from other schedulers. */
@NullMarked
package dev.tarn.project.imports;

import org.jspecify.annotations.NullMarked;
