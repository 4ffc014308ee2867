using System.Globalization;
using System.Text;
using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Executor.Processes;

/// <summary>The program between the executor and a process of another account or in a running
/// sandbox: takes the ids of the account in all its threads, gives up privileges and system calls,
/// then becomes the program. Only root can trace it meanwhile.</summary>
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
    /// <param name="account">Null: the executor's own.</param>
    public static IReadOnlyList<string> Words(
        Account? account,
        AccountOptions options,
        string program,
        IReadOnlyList<string> arguments
    ) =>
        [
            "jobcloud-executor",
            Option,
            $"{account?.User}",
            $"{account?.Group}",
            string.Join(',', account?.Groups ?? []),
            options.Word,
            program,
            .. arguments,
        ];

    /// <summary>Whether these are the arguments that <see cref="Words"/> made.</summary>
    public static bool IsFor(string[] args) => args.Length > ProgramAt + 1 && args[0] == Option;

    /// <summary>Becomes the program; returns an exit code if that fails.</summary>
    public static int Run(string[] args)
    {
        var options = AccountOptions.Parse(args[OptionsAt]);
        var (program, words) = (args[ProgramAt], args[(ProgramAt + 1)..]);
        var variables = ReadVariables();
        if (args[IdsAt].Length > 0 && !Become(args[IdsAt..OptionsAt]))
            return Fail($"act as user {args[IdsAt]}", Libc.Errno, options);
        if (options.IsConfined && !GiveUpPrivileges())
            return Fail("give up privileges", Libc.Errno, options);
        if (options.IsFiltered && !GiveUpSystemCalls())
            return Fail("give up system calls", Libc.Errno, options);
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
    private static bool Become(string[] ids)
    {
        var culture = CultureInfo.InvariantCulture;
        var (user, group) = (uint.Parse(ids[0], culture), uint.Parse(ids[1], culture));
        uint[] groups =
        [
            .. ids[2]
                .Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(one => uint.Parse(one, culture)),
        ];
        fixed (uint* start = groups)
            return Libc.setgroups((nuint)groups.Length, start) == 0
                && Libc.setresgid(group, group, group) == 0
                && Libc.setresuid(user, user, user) == 0;
    }

    private static bool GiveUpPrivileges() => Libc.prctl(Libc.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;

    /// <summary>Only the calling thread gets the filter: it becomes the program, and the others
    /// end then.</summary>
    private static bool GiveUpSystemCalls()
    {
        var filter = ReadAll(SandboxShell.FilterFd);
        fixed (byte* start = filter)
        {
            var program = new Libc.FilterProgram
            {
                Count = (ushort)(filter.Length / SeccompFilter.InstructionBytes),
                Start = start,
            };
            return Libc.prctl(Libc.PR_SET_SECCOMP, Libc.SECCOMP_MODE_FILTER, (nint)(&program), 0, 0)
                == 0;
        }
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

    private static string[] ReadVariables() =>
        Encoding
            .UTF8.GetString(ReadAll(VariablesFd))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private static byte[] ReadAll(int fd)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        nint count;
        fixed (byte* start = buffer)
        {
            while ((count = Libc.read(fd, start, buffer.Length)) > 0)
                all.Write(buffer, 0, (int)count);
        }
        return all.ToArray();
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
