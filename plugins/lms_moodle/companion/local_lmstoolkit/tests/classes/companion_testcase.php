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

namespace local_lmstoolkit\tests;

use core_external\external_api;
use local_lmstoolkit\local\service_account;

/**
 * A course, the service account, and the companion's functions as a client calls them.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
abstract class companion_testcase extends \advanced_testcase {
    /** @var \stdClass The course; everything in it is ours. */
    protected \stdClass $course;

    /** @var \stdClass The service account, who calls. */
    protected \stdClass $account;

    #[\Override]
    protected function setUp(): void {
        global $CFG;
        parent::setUp();
        $this->resetAfterTest();
        $this->setAdminUser();
        $this->account = service_account::ensure_user(service_account::ensure_role());
        $CFG->enablecompletion = 1;
        $this->course = $this->getDataGenerator()->create_course([
            'idnumber' => 'toolkit-one',
            'enablecompletion' => 1,
            'numsections' => 0,
        ]);
        $this->setUser($this->account);
    }

    /**
     * Call a function, as Moodle does for a client, but without a token.
     *
     * @param string $function without the plugin's name
     * @param array $payload
     * @return array
     */
    protected function call(string $function, array $payload = []): array {
        $class = "\\local_lmstoolkit\\external\\$function";
        $answer = $class::execute(json_encode((object) $payload, JSON_THROW_ON_ERROR));
        return json_decode(external_api::clean_returnvalue($class::execute_returns(), $answer), true, 32, JSON_THROW_ON_ERROR);
    }

    /**
     * Call a function for the course.
     *
     * @param string $function without the plugin's name
     * @param array $payload without the course
     * @return array
     */
    protected function ask(string $function, array $payload = []): array {
        return $this->call($function, ['courseid' => (int) $this->course->id] + $payload);
    }

    /**
     * The course as the companion reads it.
     *
     * @return array
     */
    protected function read(): array {
        return $this->call('get_course', ['idnumber' => 'toolkit-one'])['course'];
    }

    /**
     * One module as the companion reads it.
     *
     * @param string $key
     * @return array|null
     */
    protected function module(string $key = 'activity:one'): ?array {
        return array_column($this->read()['modules'], null, 'key')[$key] ?? null;
    }

    /**
     * Assert that something is refused, and that nothing has changed about the course.
     *
     * @param string $errorcode
     * @param callable $work
     * @return \moodle_exception for a look at its message
     */
    protected function assert_refused(string $errorcode, callable $work): \moodle_exception {
        $this->preventResetByRollback(); // What is refused rolls its own transaction back.
        $before = $this->read();
        $error = null;
        try {
            $work();
        } catch (\moodle_exception $caught) {
            $error = $caught;
        }
        $this->assertNotNull($error, "nothing was refused with $errorcode");
        $this->assertSame($errorcode, $error->errorcode, $error->getMessage());
        $this->assertSame($before, $this->read());
        return $error;
    }

    /**
     * Apply a section.
     *
     * @param string $key
     * @param array $fields that differ from a plain section
     * @return array
     */
    protected function apply_section(string $key = 'section:one', array $fields = []): array {
        $plain = ['key' => $key, 'position' => 1, 'name' => 'One', 'summary' => '', 'dryrun' => false];
        return $this->ask('apply_section', $fields + $plain);
    }

    /**
     * A whole declaration of a plain module.
     *
     * @param string $modname
     * @param array $fields that differ
     * @return array
     */
    protected function declared(string $modname, array $fields = []): array {
        $settings = [
            'assign' => [
                'opens_at' => 0, 'due_at' => 0, 'closes_at' => 0, 'text' => true, 'files' => 0, 'words' => 0, 'team' => false,
                'rubric' => [],
            ],
            'page' => ['content' => '<p>Read.</p>'],
            'url' => ['address' => 'https://example.org/a'],
            'forum' => ['type' => 'discussion', 'prompts' => [], 'due_at' => 0, 'closes_at' => 0],
            'quiz' => ['opens_at' => 0, 'closes_at' => 0, 'minutes' => 0, 'attempts' => 0, 'draw' => 0, 'shuffle' => false],
        ];
        $graded = ['assign' => 20, 'scorm' => 100, 'quiz' => 10];
        return $fields + [
            'key' => 'activity:one',
            'section_key' => 'section:one',
            'position' => 1,
            'modname' => $modname,
            'name' => 'Élan & début',
            'intro' => '<p>First.</p>',
            'visible' => true,
            'availability' => [],
            'completion' => 'none',
            'group_mode' => 'none',
            'grouping_key' => null,
            'max_points' => $graded[$modname] ?? null,
            'pass_mark_percent' => 0,
            'settings' => (object) ($settings[$modname] ?? []),
            'package' => null,
            'files' => null,
            'allow_track_loss' => false,
            'dryrun' => false,
        ];
    }

    /**
     * Apply a module; with its section, if that is not there.
     *
     * @param string $modname
     * @param array $fields that differ from a plain one
     * @return array
     */
    protected function apply_module(string $modname, array $fields = []): array {
        if (!$this->read()['sections']) {
            $this->apply_section();
        }
        return $this->ask('apply_module', $this->declared($modname, $fields));
    }

    /**
     * Put files into a new draft area of the account.
     *
     * @param string[] $files name => content
     * @return int
     */
    protected function draft(array $files): int {
        $itemid = file_get_unused_draft_itemid();
        foreach ($files as $name => $content) {
            get_file_storage()->create_file_from_string([
                'contextid' => \context_user::instance($this->account->id)->id,
                'component' => 'user',
                'filearea' => 'draft',
                'itemid' => $itemid,
                'filepath' => '/',
                'filename' => $name,
            ], $content);
        }
        return $itemid;
    }

    /**
     * A package of a payload, uploaded.
     *
     * @param string $bytes
     * @param string $name
     * @return array
     */
    protected function uploaded(string $bytes, string $name = 'package.zip'): array {
        return ['draftitemid' => $this->draft([$name => $bytes]), 'sha256' => hash('sha256', $bytes)];
    }

    /**
     * A SCORM package with one SCO for each name.
     *
     * @param string ...$names
     * @return string its bytes
     */
    protected static function scorm(string ...$names): string {
        $item = fn($name) => "<item identifier=\"i-$name\" identifierref=\"r-$name\"><title>$name</title></item>";
        $resource = fn($name) => "<resource identifier=\"r-$name\" type=\"webcontent\" adlcp:scormtype=\"sco\""
            . " href=\"$name.html\"><file href=\"$name.html\"/></resource>";
        $manifest = '<?xml version="1.0" encoding="UTF-8"?><manifest identifier="m"'
            . ' xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">'
            . '<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>'
            . '<organizations default="o"><organization identifier="o"><title>T</title>'
            . implode('', array_map($item, $names)) . '</organization></organizations><resources>'
            . implode('', array_map($resource, $names)) . '</resources></manifest>';
        $pages = array_combine(array_map(fn($name) => "$name.html", $names), array_map(fn($name) => "<p>$name</p>", $names));
        return self::zip(['imsmanifest.xml' => $manifest] + $pages);
    }

    /**
     * A zip.
     *
     * @param string[] $members name => content
     * @return string its bytes
     */
    protected static function zip(array $members): string {
        $path = make_request_directory() . '/made.zip';
        $zip = new \ZipArchive();
        $zip->open($path, \ZipArchive::CREATE);
        foreach ($members as $name => $content) {
            $zip->addFromString($name, $content);
        }
        $zip->close();
        return file_get_contents($path);
    }

    /**
     * Moodle XML with one question true or false for each name.
     *
     * @param string ...$names
     * @return string
     */
    protected static function questions(string ...$names): string {
        $question = fn($name) => "<question type=\"truefalse\"><name><text>$name</text></name>"
            . "<questiontext format=\"html\"><text>$name?</text></questiontext><defaultgrade>1</defaultgrade>"
            . '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>';
        return '<?xml version="1.0" encoding="UTF-8"?><quiz>' . implode('', array_map($question, $names)) . '</quiz>';
    }

    /**
     * A new learner of the course.
     *
     * @return \stdClass
     */
    protected function learner(): \stdClass {
        return $this->getDataGenerator()->create_and_enrol($this->course, 'student');
    }

    /**
     * Have a learner finish one SCO.
     *
     * @param int $cmid
     * @param int $userid
     * @param string $identifier
     */
    protected function work_in_scorm(int $cmid, int $userid, string $identifier): void {
        global $CFG, $DB;
        require_once($CFG->dirroot . '/mod/scorm/locallib.php');
        $cm = get_coursemodule_from_id('scorm', $cmid, $this->course->id, false, MUST_EXIST);
        $sco = $DB->get_field('scorm_scoes', 'id', ['scorm' => $cm->instance, 'identifier' => $identifier], MUST_EXIST);
        scorm_insert_track($userid, $cm->instance, $sco, 1, 'cmi.core.lesson_status', 'passed');
    }
}
