/* completion: shell scripts that ask `depinctl __complete`. */
#include <string.h>

#include "cli/cli.h"

static const char bash[] =
	"# depinctl completion for bash: eval \"$(depinctl completion bash)\"\n"
	"_depinctl() {\n"
	"\tlocal at=$COMP_LINE last=${COMP_WORDS[COMP_CWORD]} cur prefix line word i\n"
	"\tlocal -a words\n"
	"\t# bash has split words at = and : as well; what stands together is one word again\n"
	"\tfor ((i = 0; i <= COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif ((i == 0)) || [[ $at == [[:blank:]]* ]]; then words+=(\"$word\"); else words[-1]+=$word; fi\n"
	"\t\tat=${at#\"${at%%[![:blank:]]*}\"}\n"
	"\t\tat=${at#\"$word\"}\n"
	"\tdone\n"
	"\t[[ $last == [=:@] ]] && last=\n"
	"\tlast=${last#[\\'\\\"]}\n"
	"\tcur=${words[-1]#[\\'\\\"]}\n"
	"\twords[-1]=$cur\n"
	"\tprefix=${cur%\"$last\"}\n"
	"\tCOMPREPLY=()\n"
	"\twhile IFS= read -r line; do\n"
	"\t\tword=${line%%$'\\t'*}\n"
	"\t\tif [[ $word == :file ]]; then\n"
	"\t\t\tcompopt -o filenames 2>/dev/null\n"
	"\t\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$last\")\n"
	"\t\telif [[ $word == :nospace ]]; then\n"
	"\t\t\tcompopt -o nospace 2>/dev/null\n"
	"\t\telse\n"
	"\t\t\tCOMPREPLY+=(\"${word#\"$prefix\"}\")\n"
	"\t\tfi\n"
	"\tdone < <(depinctl __complete -- \"${words[@]:1}\" 2>/dev/null)\n"
	"}\n"
	"complete -F _depinctl depinctl\n";

static const char zsh[] =
	"#compdef depinctl\n"
	"# depinctl completion for zsh: depinctl completion zsh > \"${fpath[1]}/_depinctl\"\n"
	"_depinctl() {\n"
	"\tlocal line word nospace\n"
	"\tlocal -a found\n"
	"\twhile IFS= read -r line; do\n"
	"\t\tword=${line%%$'\\t'*}\n"
	"\t\tif [[ $word == :file ]]; then\n"
	"\t\t\tcompset -P '--[a-z-]#='\n"
	"\t\t\t_files\n"
	"\t\telif [[ $word == :nospace ]]; then\n"
	"\t\t\tnospace=1\n"
	"\t\telse\n"
	"\t\t\tline=${line#*$'\\t'}\n"
	"\t\t\tfound+=(\"${word//:/\\\\:}${line:+:$line}\")\n"
	"\t\tfi\n"
	"\tdone < <(depinctl __complete -- \"${(@)words[2,CURRENT]}\" 2>/dev/null)\n"
	"\tif (( $#found )); then\n"
	"\t\tif [[ -n $nospace ]]; then _describe depinctl found -S ''; else _describe depinctl found; fi\n"
	"\tfi\n"
	"}\n"
	"if [[ $funcstack[1] == _depinctl ]]; then _depinctl \"$@\"; else compdef _depinctl depinctl; fi\n";

static const char fish[] =
	"# depinctl completion for fish: depinctl completion fish > ~/.config/fish/completions/depinctl.fish\n"
	"function __depinctl_complete\n"
	"\tset -l words (commandline -opc) (commandline -ct)\n"
	"\tfor line in (depinctl __complete -- $words[2..-1] 2>/dev/null)\n"
	"\t\tif test \"$line\" = :file\n"
	"\t\t\t__fish_complete_path (commandline -ct)\n"
	"\t\telse if not string match -q ':*' -- $line\n"
	"\t\t\techo $line\n"
	"\t\tend\n"
	"\tend\n"
	"end\n"
	"complete -c depinctl -f -a '(__depinctl_complete)'\n";

static const char *const shells[] = { "bash", "zsh", "fish", NULL };
static const char *const scripts[] = { bash, zsh, fish };

static int completion_run(struct cli *c, struct err *e)
{
	for (size_t i = 0; shells[i]; i++)
		if (strcmp(shells[i], c->words[0]) == 0) {
			out_adds(&c->out, scripts[i]);
			return 0;
		}
	return err_set(e, ERR_USAGE, "completion is for bash, zsh or fish, not '%.60s'", c->words[0]);
}

const struct verb verb_completion = { .name = "completion", .args = "bash|zsh|fish", .min = 1, .max = 1,
	.help = "print a script that completes depinctl's words in a shell",
	.about = "Commands, options and their values, and from the running collector kinds, fields and "
		 "names. It never starts a collector.",
	.complete = WORDS_CHOICE, .choices = shells, .run = completion_run };
