namespace JobCloud.Tui.Headless.Help;

/// <summary>The completion scripts. They ask <c>jobcloud complete</c>, so they need no change with
/// the commands.</summary>
internal static class CompletionScript
{
    public static readonly string[] Shells = ["bash", "zsh", "fish"];

    /// <summary>The script for a shell; null if the shell is not one of <see
    /// cref="Shells"/>.</summary>
    public static string? For(string shell) =>
        shell switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            _ => null,
        };

    // Bash splits words at the characters of COMP_WORDBREAKS, such as ':' and '='.
    private const string Bash = """
        _jobcloud() {
            local line=${COMP_LINE:0:COMP_POINT} word head mode= current=${COMP_WORDS[COMP_CWORD]}
            local -a words
            read -ra words <<< "$line"
            [[ $line == *[[:space:]] ]] && words+=("")
            word=${words[${#words[@]}-1]}
            head=${word%"${word##*[:=]}"}
            COMPREPLY=()
            while IFS= read -r line; do
                case $line in
                    :files | :programs) mode=$line ;;
                    *) COMPREPLY+=("${line#"$head"}") ;;
                esac
            done < <("${words[0]}" complete -- "${words[@]:1}" 2> /dev/null)
            [[ $current == [:=] ]] && current=
            case $mode in
                :files) compopt -o filenames 2> /dev/null ;;
                :programs) COMPREPLY+=($(compgen -c -- "$current")) ;;
            esac
            [[ -n $mode ]] && COMPREPLY+=($(compgen -f -- "$current"))
            [[ ${COMPREPLY[0]} == *, ]] && compopt -o nospace 2> /dev/null
        }
        complete -F _jobcloud jobcloud

        """;

    private const string Zsh = """
        #compdef jobcloud
        _jobcloud() {
            local line mode
            local -a found
            for line in "${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2> /dev/null)}"; do
                case $line in
                    :files|:programs) mode=$line ;;
                    ?*) found+=("$line") ;;
                esac
            done
            (( $#found )) && compadd -- "${found[@]}"
            [[ $mode == :programs ]] && _command_names -e
            [[ -n $mode ]] && _files
            return 0
        }
        compdef _jobcloud jobcloud

        """;

    private const string Fish = """
        function __jobcloud_complete
            set -l words (commandline -opc) (commandline -ct)
            for line in ($words[1] complete -- $words[2..] 2> /dev/null)
                switch $line
                    case :files
                        __fish_complete_path (commandline -ct)
                    case :programs
                        __fish_complete_command
                        __fish_complete_path (commandline -ct)
                    case '*'
                        echo $line
                end
            end
        end
        complete -c jobcloud -f -a '(__jobcloud_complete)'

        """;
}
