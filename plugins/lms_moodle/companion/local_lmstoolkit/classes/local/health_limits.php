<?php
// This file is part of lms-toolkit's companion for Moodle.
//
// It is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// It is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with it.  If not, see <https://www.gnu.org/licenses/>.
//
// SPDX-License-Identifier: GPL-3.0-or-later

namespace local_lmstoolkit\local;

/**
 * The limits of the web server's PHP. The command line has others, so only a page can tell.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class health_limits {
    /** @var int Bytes below which many packages do not fit; the toolkit's doctor says the same. */
    public const SMALL_UPLOAD = 50 * 1024 * 1024;

    /** @var int Form fields that a call of the toolkit needs at most, the token among them. */
    public const NEEDED_VARIABLES = 805;

    /** @var int Form fields that Moodle recommends. */
    public const RECOMMENDED_VARIABLES = 5000;

    /**
     * Whether packages can be uploaded.
     *
     * @return health_result
     */
    public static function uploads(): health_result {
        global $CFG;
        if (CLI_SCRIPT) {
            return health_result::skipped('limits_cli');
        }
        $upload = (int) get_real_size(ini_get('upload_max_filesize'));
        $post = (int) get_real_size(ini_get('post_max_size'));
        return self::judge_uploads($upload, $post, (int) get_max_upload_file_size((int) $CFG->maxbytes));
    }

    /**
     * Whether whole forms arrive.
     *
     * @return health_result
     */
    public static function inputvars(): health_result {
        return CLI_SCRIPT ? health_result::skipped('limits_cli') : self::judge_variables((int) ini_get('max_input_vars'));
    }

    /**
     * Judge sizes in bytes.
     *
     * @param int $upload upload_max_filesize, 0 for no limit
     * @param int $post post_max_size, 0 for no limit
     * @param int $largest what Moodle allows in all
     * @return health_result
     */
    public static function judge_uploads(int $upload, int $post, int $largest): health_result {
        $given = ['largest' => display_size($largest), 'upload' => display_size($upload), 'post' => display_size($post)];
        if ($post && $post < $upload) {
            return health_result::warning('uploads_post', '/admin/phpinfo.php', $given);
        }
        return $largest < self::SMALL_UPLOAD
            ? health_result::warning('uploads_small', '/admin/settings.php?section=sitepolicies', $given)
            : health_result::ok('uploads_ok', $given);
    }

    /**
     * Judge a number of form fields.
     *
     * @param int $variables max_input_vars
     * @return health_result
     */
    public static function judge_variables(int $variables): health_result {
        $given = ['there' => $variables, 'needed' => self::NEEDED_VARIABLES, 'recommended' => self::RECOMMENDED_VARIABLES];
        return match (true) {
            $variables < self::NEEDED_VARIABLES => health_result::error('inputvars_cut', '/admin/environment.php', $given),
            $variables < self::RECOMMENDED_VARIABLES => health_result::warning('inputvars_few', '/admin/environment.php', $given),
            default => health_result::ok('inputvars_ok', $given),
        };
    }
}
