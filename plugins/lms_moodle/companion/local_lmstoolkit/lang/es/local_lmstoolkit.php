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

$string['backup_stopped'] = 'Moodle se detuvo a mitad del proceso; su registro de tareas dice por qué.';
$string['backup_unknown'] = 'no es una copia de seguridad de Moodle ni un Common Cartridge';
$string['backup_unreadable'] = 'no es un archivo que se pueda descomprimir';
$string['backupinvalid'] = 'Esta copia de seguridad no se puede restaurar: {$a}.';
$string['check_assignstudent'] = 'La cuenta de servicio puede matricular a personas como estudiantes.';
$string['check_completion'] = 'El seguimiento de finalización está activado en el sitio.';
$string['check_cron'] = 'El cron se ha ejecutado en la última hora (último inicio: {$a}).';
$string['check_gradebookroles'] = 'El libro de calificaciones muestra al menos un rol.';
$string['check_manualenrolment'] = 'La matriculación manual está activada.';
$string['check_scorm'] = 'La actividad SCORM está activada.';
$string['completionreset'] = 'Cambiaría lo que completa esta actividad o este curso, y Moodle borraría las fechas de finalización de {$a} participante(s). No se ha cambiado nada.';
$string['coursenotfound'] = 'No hay ningún curso con el identificador {$a}.';
$string['jobnotfound'] = 'No hay ninguna tarea con el identificador {$a}.';
$string['keynotfound'] = 'Nada en este curso lleva la clave {$a}; aplíquela primero.';
$string['lmstoolkit:deploy'] = 'Desplegar cursos con lms-toolkit';
$string['lmstoolkit:readresults'] = 'Leer calificaciones y finalizaciones con lms-toolkit';
$string['lockbusy'] = 'Otro despliegue está escribiendo en este curso. Inténtelo de nuevo cuando termine.';
$string['manifest_identifier'] = 'el identificador de elemento «{$a}» está vacío, es demasiado largo o se usa dos veces';
$string['manifest_none'] = 'no tiene un imsmanifest.xml de tamaño razonable en su raíz';
$string['manifest_nopage'] = 'ningún elemento abre un recurso';
$string['manifest_nosco'] = 'ningún elemento lanza un SCO que Moodle reconozca (atributo adlcp:scormtype, con ese mismo prefijo)';
$string['manifest_nozip'] = 'no es un archivo zip';
$string['manifest_unplayable'] = 'Moodle no encontró nada que lanzar en él';
$string['manifest_xml'] = 'su manifiesto no es un XML UTF-8 simple y bien formado (sin tipo de documento) con un elemento manifest';
$string['manifestinvalid'] = 'Moodle no puede reproducir este paquete: {$a}.';
$string['modulemissing'] = 'Este sitio no ha activado {$a}.';
$string['packagemismatch'] = 'El archivo subido no es el anunciado o ya no está. Súbalo de nuevo.';
$string['payload_missing'] = 'falta {$a}';
$string['payload_noavailability'] = 'availability tiene condiciones, pero este sitio no ha activado las restricciones de acceso';
$string['payload_nofiles'] = 'files nombra un contenido, pero no se ha subido nada y no hay nada que conservar';
$string['payload_nopackage'] = 'package es nulo, pero aún no hay ningún paquete que conservar';
$string['payload_notobject'] = 'no es un objeto JSON';
$string['payload_otherkind'] = '{$a->key} es un {$a->there} y no puede convertirse en un {$a->declared}; retírelo antes con delete';
$string['payload_twice'] = '{$a} aparece dos veces en un mismo objeto';
$string['payload_type'] = '{$a->key} no es {$a->type}';
$string['payload_type_address'] = 'una dirección web con http o https que Moodle guarda sin cambios';
$string['payload_type_after'] = 'nulo o un número entero';
$string['payload_type_anything'] = 'un objeto';
$string['payload_type_atmost'] = 'como máximo {$a}';
$string['payload_type_category'] = 'una clave de categoría';
$string['payload_type_characters'] = 'un texto de {$a} caracteres como máximo';
$string['payload_type_choice'] = 'uno de: {$a}';
$string['payload_type_condition'] = 'una condición de exactamente una clave';
$string['payload_type_count'] = 'un número entero de 0 a 100000';
$string['payload_type_empty'] = 'vacío';
$string['payload_type_enrolment'] = 'una clave de matriculación';
$string['payload_type_filename'] = 'un nombre de archivo que Moodle guarda sin cambios';
$string['payload_type_flag'] = 'true o false';
$string['payload_type_fornone'] = 'null o 0, como debe ser para el método de matriculación {$a}';
$string['payload_type_gradedmodule'] = 'la clave de un módulo calificado';
$string['payload_type_group'] = 'una clave de grupo';
$string['payload_type_grouping'] = 'una clave de agrupamiento';
$string['payload_type_id'] = 'un número entero mayor que 0';
$string['payload_type_idnumber'] = 'un texto de 100 caracteres como máximo';
$string['payload_type_imagefile'] = 'un objeto de archivos sin carpeta, cada uno de un tipo de: {$a}';
$string['payload_type_line'] = 'una línea de texto simple de 255 caracteres como máximo que Moodle guarda sin cambios';
$string['payload_type_list'] = 'una lista de {$a} como máximo';
$string['payload_type_map'] = 'un objeto de {$a} claves como máximo';
$string['payload_type_maxpoints'] = 'un máximo que este tipo de actividad puede tener';
$string['payload_type_module'] = 'una clave de módulo o de actividad';
$string['payload_type_nofiles'] = 'nulo, lo único posible en este tipo de actividad';
$string['payload_type_nonempty'] = 'nada: está vacío';
$string['payload_type_nopackage'] = 'nulo, lo único posible en este tipo de actividad';
$string['payload_type_nothinghandedin'] = 'posible donde no se entrega nada';
$string['payload_type_null'] = 'nulo, como debe ser donde nada se califica';
$string['payload_type_object'] = 'un objeto';
$string['payload_type_onemanual'] = 'una lista con un solo método manual como máximo, pues Moodle no permite otro';
$string['payload_type_onetohundred'] = 'un número entero de 1 a 100';
$string['payload_type_onlygraded'] = 'posible donde nada se califica (max_points es nulo)';
$string['payload_type_onlywithtext'] = 'posible donde no se entrega texto';
$string['payload_type_page'] = 'un número entero de 1 a 500';
$string['payload_type_part'] = 'una clave de letras, cifras y . : _ -';
$string['payload_type_percent'] = 'un número de 0 a 100';
$string['payload_type_plain'] = 'una línea de 255 caracteres como máximo';
$string['payload_type_points'] = 'un número de 0 a 10000';
$string['payload_type_section'] = 'una clave de sección';
$string['payload_type_sha1'] = 'un SHA-1 en hexadecimal minúsculo';
$string['payload_type_sha256'] = 'un SHA-256 en hexadecimal minúsculo';
$string['payload_type_somefiles'] = 'un objeto con al menos un archivo';
$string['payload_type_text'] = 'un texto de un megabyte como máximo sin caracteres de control';
$string['payload_type_time'] = 'un momento en segundos enteros desde 1970';
$string['payload_type_trackedmodule'] = 'la clave de un módulo con seguimiento de finalización';
$string['payload_type_unique'] = 'una lista en la que cada clave viene una vez';
$string['payload_unknown'] = '{$a} es desconocido';
$string['payloadinvalid'] = 'La carga útil no es válida: {$a}.';
$string['pluginname'] = 'Complemento de lms-toolkit';
$string['privacy:metadata'] = 'El complemento solo guarda qué parte de un curso lleva qué clave, lo que se declaró para un curso y cómo terminaron las restauraciones de copias. Lee lo que Moodle guarda de los participantes y lo entrega a la cuenta de servicio autorizada.';
$string['questions_none'] = 'no hay preguntas';
$string['questions_some'] = 'no se pudieron importar todas las preguntas';
$string['questions_xml'] = 'no es Moodle XML simple en UTF-8, bien formado y de tamaño razonable';
$string['questionsinvalid'] = 'Las preguntas no se pueden importar: {$a}. No se ha cambiado nada.';
$string['roledescription'] = 'Lo que lms-toolkit necesita para desplegar cursos y leer resultados. Solo para su cuenta de servicio.';
$string['rolename'] = 'Servicio lms-toolkit';
$string['sectionnotfound'] = 'La sección {$a} aún no está en este curso; aplíquela primero.';
$string['settingforced'] = 'Este sitio impone a todos los cursos el ajuste {$a} del libro de calificaciones; permita que cada curso lo fije e inténtelo de nuevo.';
$string['taskrestore'] = 'Restaurar una copia de seguridad para lms-toolkit';
$string['trackloss'] = 'Los participantes perderían lo que hicieron en: {$a}. No se ha cambiado nada.';
$string['trackloss_answers'] = 'las respuestas a esta encuesta';
$string['trackloss_criteria'] = 'los criterios de esta evaluación entre pares';
$string['trackloss_item'] = '«{$a->title}» ({$a->learners} participante(s))';
$string['trackloss_questions'] = 'las preguntas de este cuestionario';
$string['trackloss_rubric'] = 'la rúbrica de esta tarea';
$string['trackloss_submissions'] = 'lo que se entregó';
$string['zip_bytes'] = 'el archivo «{$a}» ocuparía un espacio desmesurado al descomprimirse';
$string['zip_files'] = 'tiene más de {$a} archivos';
$string['zip_name'] = 'el nombre «{$a}» puede llevar fuera del paquete';
