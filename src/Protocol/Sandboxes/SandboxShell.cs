using System.Globalization;

namespace JobCloud.Protocol.Sandboxes;

/// <summary>
/// Builds the program that starts a job in a sandbox with a pid namespace of its own. The job must
/// not be the first process there, which the kernel shields from signals, and must become a child
/// of the executor, which alone learns its exit code and signal. So a shell outside runs bubblewrap
/// twice: once for a process that keeps the namespace, and once for the job, which enters it. Then
/// it ends both bubblewraps and itself, and the kernel gives the job to the executor.
/// </summary>
public static class SandboxShell
{
    private const string Sh = "/bin/sh";

    // Runs in a sandbox like the job's, because the job can see the files of processes in its
    // namespace (/proc/PID/root). It waits for input that never comes until the executor kills it,
    // after the end of the job's first process; then bubblewrap's init ends with the last process.
    private const string Keep =
        "trap '' HUP INT QUIT TERM; echo up; exec >/dev/null 2>&1; read -r _";

    // Descriptors: 0-2 of the job, 3 the progress file, 4 to the last shell, 5 and 6 the job's
    // stdin and stdout at first, 7 a pipe that releases the job, 8 one to which nobody writes, 9
    // the job's stderr, which gets no words of this shell about the processes that it kills. Later
    // 8 and 9 are the namespaces. 10 is the filter of system calls and 11 has the job's variables:
    // the loader of this shell and of bubblewrap must not see those. Arguments: bwrap, its options
    // for other users than root, a word if there is a filter, the program of the anchor, the number
    // of bubblewrap's words for the anchor, these, and those of the job.
    private const string Script = """
        bwrap=$1 users=$2 filter=$3 keep=$4 count=$5
        shift 5
        from=/dev/null
        [ -z "$filter" ] || from=/proc/self/fd/10
        exec 5<&0 6>&1 9>&2 2>/dev/null
        : | {
        exec 7<>/proc/self/fd/0
        : | {
        exec 8<>/proc/self/fd/0
        {
          read -r me rest </proc/self/stat
          echo "self $me"
          n=0 words=
          while [ $n -lt $count ]; do n=$((n + 1)); words="$words \"\${$n}\""; done
          eval "exec \"\$bwrap\" $users --unshare-pid --info-fd 3 ${filter:+--seccomp 4} $words \
            \"\$keep\"" 0<&8 2>&9 3>&1 4<$from 5<&- 6>&- 7>&- 8<&- 9>&-
        } | {
          exec 2>&9 8<&- 9>&-
          while read -r key value; do
            case $key in
              self) outer=$value ;;
              *child-pid*) init=${value%,} ;;
              up) break ;;
            esac
          done
          [ "$key" = up ] || exit 1
          echo "$outer $init"
          read -r anchor rest </proc/$init/task/$init/children
          [ -n "$anchor" ] || exit 1
          echo "anchor $anchor" >&3
          exec 8</proc/$init/ns/pid
          [ -z "$users" ] || exec 9</proc/$init/ns/user
          read -r me rest </proc/self/stat
          echo "$me"
          shift $count
          exec "$bwrap" ${users:+--userns 9} --pidns 8 --info-fd 5 ${filter:+--seccomp 10} \
            --args 11 "$@" 4>&1 0<&5 1>&6 5>&3 6>&-
        } | {
          exec 3>&- 4>&- 5<&- 6>&- 8<&- 9>&-
          read -r anchors && read -r inner && read -r up && {
            kill -9 ${anchors% *} $inner
            echo go >&7
            kill -9 $$
            exit
          }
          [ -z "$anchors" ] || kill -9 $anchors
          exit 1
        }
        }
        }
        """;

    /// <summary>The descriptor of the filter of system calls
    /// (<see cref="SeccompFilter"/>).</summary>
    public const int FilterFd = 10;

    /// <summary>The descriptor of <see cref="Variables"/>.</summary>
    public const int VariablesFd = 11;

    /// <summary>The content of <see cref="VariablesFd"/>: options of bubblewrap, each with a
    /// terminating NUL.</summary>
    /// <param name="variables"><c>NAME=value</c> each.</param>
    public static string Variables(IEnumerable<string> variables) =>
        string.Concat(
            from variable in variables
            let name = variable.IndexOf('=', StringComparison.Ordinal)
            where name > 0
            select $"--setenv\0{variable[..name]}\0{variable[(name + 1)..]}\0"
        );

    /// <summary>The arguments of the shell, its path first.</summary>
    /// <param name="bubblewrap">The path of bubblewrap.</param>
    /// <param name="anchorOptions">The options of the anchor's sandbox.</param>
    /// <param name="options">Those of the job's, as returned by
    /// <see cref="Bubblewrap.Options"/>.</param>
    /// <param name="entry">As returned by <see cref="JobStartShell.Words"/>.</param>
    /// <param name="byRoot">Whether root starts it. Others need a user namespace.</param>
    /// <param name="hasFilter">Whether <see cref="FilterFd"/> is open.</param>
    public static IReadOnlyList<string> Words(
        string bubblewrap,
        IReadOnlyList<string> anchorOptions,
        IReadOnlyList<string> options,
        IReadOnlyList<string> entry,
        bool byRoot,
        bool hasFilter
    )
    {
        IReadOnlyList<string> anchor = [.. anchorOptions, "--", Sh, "-c"];
        return
        [
            Sh,
            "-c",
            Script,
            "sh",
            bubblewrap,
            byRoot ? "" : "--unshare-user",
            hasFilter ? "filter" : "",
            Keep,
            string.Create(CultureInfo.InvariantCulture, $"{anchor.Count}"),
            .. anchor,
            .. options,
            "--",
            .. entry,
        ];
    }
}
