// Makes core/src/colour/press.bin: what coated paper printed with inks looks like in sRGB, for CMYK that has no profile.
//
//   node scripts/press-table.mjs
//
// The colours are sharp's, which takes such inks through libvips' own profile: "Chemical proof" by Graeme W. Gill, in the public domain.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

import { blockColours, cmykJpeg, inkGrid } from '../tests/truth/cmyk-jpeg.mjs';

/** Nodes along each ink: those of `press.rs`. */
const SIDES = 7;

const columns = SIDES ** 2;
const jpeg = cmykJpeg(inkGrid(SIDES), columns);
const { data } = await sharp(jpeg).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
writeFileSync(fileURLToPath(new URL('../core/src/colour/press.bin', import.meta.url)), blockColours(data, columns));
