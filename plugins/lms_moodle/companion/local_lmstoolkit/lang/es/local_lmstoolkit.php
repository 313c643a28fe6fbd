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
 * Spanish texts of the companion.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['check_assignstudent'] = 'La cuenta de servicio puede matricular a personas como estudiantes.';
$string['check_completion'] = 'El seguimiento de finalización está activado en el sitio.';
$string['check_cron'] = 'El cron se ha ejecutado en la última hora (último inicio: {$a}).';
$string['check_gradebookroles'] = 'El libro de calificaciones muestra al menos un rol.';
$string['check_manualenrolment'] = 'La matriculación manual está activada.';
$string['check_scorm'] = 'La actividad SCORM está activada.';
$string['completionreset'] = 'Cambiaría lo que completa esta actividad, y Moodle borraría las fechas de finalización de {$a} participante(s). No se ha cambiado nada.';
$string['coursenotfound'] = 'No hay ningún curso con el identificador {$a}.';
$string['lmstoolkit:deploy'] = 'Desplegar cursos con lms-toolkit';
$string['lmstoolkit:readresults'] = 'Leer calificaciones y finalizaciones con lms-toolkit';
$string['lockbusy'] = 'Otro despliegue está escribiendo en este curso. Inténtelo de nuevo cuando termine.';
$string['manifest_identifier'] = 'el identificador de elemento «{$a}» está vacío, es demasiado largo o se usa dos veces';
$string['manifest_none'] = 'no tiene un imsmanifest.xml de tamaño razonable en su raíz';
$string['manifest_nosco'] = 'ningún elemento lanza un SCO que Moodle reconozca (atributo adlcp:scormtype, con ese mismo prefijo)';
$string['manifest_nozip'] = 'no es un archivo zip';
$string['manifest_unplayable'] = 'Moodle no encontró nada que lanzar en él';
$string['manifest_unsafe'] = 'su manifiesto no es un XML UTF-8 simple sin tipo de documento';
$string['manifest_xml'] = 'su manifiesto no es un XML bien formado con un elemento manifest';
$string['manifestinvalid'] = 'Moodle no puede reproducir este paquete: {$a}.';
$string['packagemismatch'] = 'El archivo subido no es el anunciado o ya no está. Súbalo de nuevo.';
$string['payload_missing'] = 'falta {$a}';
$string['payload_nopackage'] = 'package es nulo, pero aún no hay ningún paquete que conservar';
$string['payload_notobject'] = 'no es un objeto JSON';
$string['payload_type'] = '{$a->key} no es {$a->type}';
$string['payload_type_after'] = 'nulo o un número entero';
$string['payload_type_completion'] = 'passed o completed';
$string['payload_type_flag'] = 'true o false';
$string['payload_type_id'] = 'un número entero mayor que 0';
$string['payload_type_line'] = 'una línea de texto simple de 255 caracteres como máximo que Moodle guarda sin cambios';
$string['payload_type_modname'] = 'scorm';
$string['payload_type_module'] = 'una clave de módulo';
$string['payload_type_package'] = 'nulo o un paquete';
$string['payload_type_page'] = 'un número entero de 1 a 500';
$string['payload_type_percent'] = 'un número de 0 a 100';
$string['payload_type_section'] = 'una clave de sección';
$string['payload_type_sha256'] = 'un SHA-256 en hexadecimal minúsculo';
$string['payload_type_text'] = 'un texto';
$string['payload_unknown'] = '{$a} es desconocido';
$string['payloadinvalid'] = 'La carga útil no es válida: {$a}.';
$string['pluginname'] = 'Complemento de lms-toolkit';
$string['privacy:metadata'] = 'El complemento solo guarda qué sección o actividad lleva qué clave. Lee lo que Moodle guarda de los participantes y lo entrega a la cuenta de servicio autorizada.';
$string['roledescription'] = 'Lo que lms-toolkit necesita para desplegar cursos y leer resultados. Solo para su cuenta de servicio.';
$string['rolename'] = 'Servicio lms-toolkit';
$string['sectionnotfound'] = 'La sección {$a} aún no está en este curso; aplíquela primero.';
$string['trackloss'] = 'Los participantes perderían lo que hicieron en: {$a}. No se ha cambiado nada.';
$string['trackloss_item'] = '«{$a->title}» ({$a->learners} participante(s))';
