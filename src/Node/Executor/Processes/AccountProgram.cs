using System.Globalization;
using System.Text;
using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Executor.Processes;

/// <summary>The program between the executor and a process of another account: takes the ids of the
/// account in all its threads, then becomes the program. Nobody but root can trace it
/// meanwhile.</summary>
internal static unsafe class AccountProgram
{
    public const string Option = "--as";

    /// <summary>The descriptor of the program's variables, each with a terminating NUL.</summary>
    public const int VariablesFd = 5;

    /// <summary>The descriptor to which it writes the errno if it cannot become the
    /// program.</summary>
    public const int FailureFd = 6;

    private const int CannotRun = 126,
        NotFound = 127;
    private const int IdsAt = 1,
        OptionsAt = 4,
        ProgramAt = 5;
    private const string Sh = "/bin/sh";

    /// <summary>The arguments that run a program as an account.</summary>
    public static IReadOnlyList<string> Words(
        Account account,
        AccountOptions options,
        string program,
        IReadOnlyList<string> arguments
    ) =>
        [
            "jobcloud-executor",
            Option,
            $"{account.User}",
            $"{account.Group}",
            string.Join(',', account.Groups),
            options.Word,
            program,
            .. arguments,
        ];

    /// <summary>Whether these are the arguments that <see cref="Words"/> made.</summary>
    public static bool IsFor(string[] args) => args.Length > ProgramAt + 1 && args[0] == Option;

    /// <summary>Becomes the program; returns an exit code if that fails.</summary>
    public static int Run(string[] args)
    {
        var culture = CultureInfo.InvariantCulture;
        var (user, group) = (
            uint.Parse(args[IdsAt], culture),
            uint.Parse(args[IdsAt + 1], culture)
        );
        uint[] groups =
        [
            .. args[IdsAt + 2]
                .Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(one => uint.Parse(one, culture)),
        ];
        var options = AccountOptions.Parse(args[OptionsAt]);
        var (program, words) = (args[ProgramAt], args[(ProgramAt + 1)..]);
        var variables = ReadVariables();
        if (!Become(user, group, groups))
            return Fail($"act as user {user}", Libc.Errno, options);
        Libc.ResetSignals();
        Libc.CloseOnExec(VariablesFd, SandboxShell.FilterFd - 1);
        Libc.CloseOnExecFrom(
            options.KeepsSandbox ? SandboxShell.VariablesFd + 1 : SandboxShell.FilterFd
        );
        var error = Execute(program, words, variables);
        // A script without a line that names its interpreter runs in sh, as in execvp(3).
        if (error == Libc.ENOEXEC)
            error = Execute(Sh, ["sh", program, .. words.Skip(1)], variables);
        return Fail($"run {program}", error, options);
    }

    /// <summary>Takes the ids; the kernel then drops all capabilities.</summary>
    private static bool Become(uint user, uint group, uint[] groups)
    {
        fixed (uint* start = groups)
            return Libc.setgroups((nuint)groups.Length, start) == 0
                && Libc.setresgid(group, group, group) == 0
                && Libc.setresuid(user, user, user) == 0;
    }

    private static int Execute(string program, IReadOnlyList<string> words, string[] variables)
    {
        using var text = new NativeText();
        _ = Libc.execve(text.Add(program), Strings(text, words), Strings(text, variables));
        return Libc.Errno;
    }

    private static byte** Strings(NativeText text, IReadOnlyList<string> strings)
    {
        var array = text.AddArray(strings.Count);
        for (var i = 0; i < strings.Count; i++)
            array[i] = text.Add(strings[i]);
        return array;
    }

    private static string[] ReadVariables()
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        nint count;
        fixed (byte* start = buffer)
        {
            while ((count = Libc.read(VariablesFd, start, buffer.Length)) > 0)
                all.Write(buffer, 0, (int)count);
        }
        return Encoding
            .UTF8.GetString(all.GetBuffer(), 0, (int)all.Length)
            .Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Tells why the program does not run: the exit code could also be its own.</summary>
    private static int Fail(string what, int error, AccountOptions options)
    {
        if (options.ReportsFailure)
            _ = Libc.write(FailureFd, (byte*)&error, sizeof(int));
        else
        {
            var line = Encoding.UTF8.GetBytes($"jobcloud: cannot {what} (errno {error})\n");
            fixed (byte* start = line)
                _ = Libc.write(2, start, line.Length);
        }
        return error == Libc.ENOENT ? NotFound : CannotRun;
    }
}
