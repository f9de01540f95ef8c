/** Tests of projects: small ones written to a folder, compiled, selected from and bound. */
@NullMarked
package dev.tarn.project;

import org.jspecify.annotations.NullMarked;
