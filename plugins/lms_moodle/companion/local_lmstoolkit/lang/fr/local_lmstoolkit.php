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

/**
 * French texts of the companion.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['check_assignstudent'] = 'Le compte de service peut inscrire des personnes comme étudiants.';
$string['check_completion'] = 'Le suivi d’achèvement est activé sur le site.';
$string['check_cron'] = 'Le cron a tourné dans la dernière heure (dernier départ : {$a}).';
$string['check_gradebookroles'] = 'Le carnet de notes montre au moins un rôle.';
$string['check_manualenrolment'] = 'L’inscription manuelle est activée.';
$string['check_scorm'] = 'L’activité SCORM est activée.';
$string['completionreset'] = 'Le critère d’achèvement de cette activité changerait, et Moodle effacerait les dates d’achèvement de {$a} participant(s). Rien n’a été modifié.';
$string['coursenotfound'] = 'Il n’y a pas de cours d’identifiant {$a}.';
$string['lmstoolkit:deploy'] = 'Déployer des cours avec lms-toolkit';
$string['lmstoolkit:readresults'] = 'Lire notes et achèvements avec lms-toolkit';
$string['lockbusy'] = 'Un autre déploiement écrit dans ce cours. Réessayez quand il sera terminé.';
$string['manifest_identifier'] = 'l’identifiant d’élément « {$a} » est vide, trop long ou employé deux fois';
$string['manifest_none'] = 'il n’a pas d’imsmanifest.xml de taille raisonnable à sa racine';
$string['manifest_nosco'] = 'aucun élément ne lance un SCO que Moodle reconnaît (attribut adlcp:scormtype, avec ce préfixe-là)';
$string['manifest_nozip'] = 'ce n’est pas un fichier zip';
$string['manifest_unplayable'] = 'Moodle n’y a rien trouvé à lancer';
$string['manifest_unsafe'] = 'son manifeste n’est pas un XML UTF-8 simple sans type de document';
$string['manifest_xml'] = 'son manifeste n’est pas un XML bien formé avec un élément manifest';
$string['manifestinvalid'] = 'Moodle ne peut pas jouer ce paquet : {$a}.';
$string['packagemismatch'] = 'Le fichier déposé n’est pas celui annoncé, ou n’est plus là. Déposez-le à nouveau.';
$string['payload_missing'] = '{$a} manque';
$string['payload_nopackage'] = 'package est nul, mais il n’y a pas encore de paquet à garder';
$string['payload_notobject'] = 'ce n’est pas un objet JSON';
$string['payload_type'] = '{$a->key} n’est pas {$a->type}';
$string['payload_type_after'] = 'nul ou un nombre entier';
$string['payload_type_completion'] = 'passed ou completed';
$string['payload_type_flag'] = 'true ou false';
$string['payload_type_id'] = 'un nombre entier supérieur à 0';
$string['payload_type_line'] = 'une ligne de texte simple d’au plus 255 caractères que Moodle garde telle quelle';
$string['payload_type_modname'] = 'scorm';
$string['payload_type_module'] = 'une clé de module';
$string['payload_type_package'] = 'nul ou un paquet';
$string['payload_type_page'] = 'un nombre entier de 1 à 500';
$string['payload_type_percent'] = 'un nombre de 0 à 100';
$string['payload_type_section'] = 'une clé de section';
$string['payload_type_sha256'] = 'un SHA-256 en hexadécimal minuscule';
$string['payload_type_text'] = 'un texte';
$string['payload_unknown'] = '{$a} est inconnu';
$string['payloadinvalid'] = 'La charge utile n’est pas valable : {$a}.';
$string['pluginname'] = 'Compagnon de lms-toolkit';
$string['privacy:metadata'] = 'Le compagnon ne garde que la clé de chaque section ou activité. Il lit ce que Moodle garde des participants et le remet au compte de service autorisé.';
$string['roledescription'] = 'Ce dont lms-toolkit a besoin pour déployer des cours et lire des résultats. Pour son compte de service seulement.';
$string['rolename'] = 'Service lms-toolkit';
$string['sectionnotfound'] = 'La section {$a} n’est pas encore dans ce cours ; appliquez-la d’abord.';
$string['trackloss'] = 'Des participants perdraient ce qu’ils ont fait dans : {$a}. Rien n’a été modifié.';
$string['trackloss_item'] = '« {$a->title} » ({$a->learners} participant(s))';
