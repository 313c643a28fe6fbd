<?php
// Runs the PHP code on stdin inside the Moodle whose folder is the first argument, and prints what it returns as JSON.
// For tests alone, by somebody who has a shell on that machine anyway.
//
// SPDX-License-Identifier: GPL-3.0-or-later

define('CLI_SCRIPT', true);

require($argv[1] . '/config.php');

\core\session\manager::set_user(get_admin());
echo json_encode(eval(stream_get_contents(STDIN)), JSON_THROW_ON_ERROR);
