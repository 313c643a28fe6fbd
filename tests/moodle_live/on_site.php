<?php
// Runs the PHP code on stdin inside the Moodle whose folder is the first argument, and prints what it returns as JSON
// on the last line, behind what the code itself prints. For tests alone, by somebody who has a shell on that machine anyway.
//
// SPDX-License-Identifier: GPL-3.0-or-later

define('CLI_SCRIPT', true);

require($argv[1] . '/config.php');

\core\session\manager::set_user(get_admin());
$answer = eval(stream_get_contents(STDIN));
echo "\n", json_encode($answer, JSON_THROW_ON_ERROR);
