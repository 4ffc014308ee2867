using System.Text;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Starts programs as another account: this program starts again as
/// <see cref="AccountProgram"/>, with the executor's rights but none of the job's variables, which
/// could make the loader or a shell run the job's code before the rights are gone.</summary>
internal static unsafe class AccountStart
{
    private const string RuntimePrefix = "DOTNET_";
    private static readonly string[] Own = [.. OwnVariables()];

    /// <summary>Changes a request so that it starts as an account; returns 0 or an errno. The
    /// caller closes <see cref="SpawnRequest.VariablesFd"/> after the start.</summary>
    public static int Prepare(Account account, ref SpawnRequest request)
    {
        var variables = Libc.memfd_create("variables", Libc.MFD_CLOEXEC);
        if (variables < 0)
            return Libc.Errno;
        var error = Write(variables, request.Environment);
        if (error != 0)
        {
            _ = Libc.close(variables);
            return error;
        }
        request = request with
        {
            Program = Environment.ProcessPath!,
            Arguments = AccountProgram.Words(account, request.Program, request.Arguments),
            Environment = Own,
            VariablesFd = variables,
        };
        return 0;
    }

    private static int Write(int fd, IReadOnlyList<string> variables)
    {
        var text = new StringBuilder();
        foreach (var variable in variables)
            text.Append(variable).Append('\0');
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text.ToString());
        while (!rest.IsEmpty)
        {
            nint count;
            fixed (byte* start = rest)
                count = Libc.write(fd, start, rest.Length);
            if (count < 0)
                return Libc.Errno;
            rest = rest[(int)count..];
        }
        return Libc.lseek(fd, 0, 0) == 0 ? 0 : Libc.Errno;
    }

    /// <summary>What the runtime of this program may need to start again.</summary>
    private static IEnumerable<string> OwnVariables()
    {
        // Else the runtime of a debug build leaves a socket in /tmp for each start.
        yield return $"{RuntimePrefix}EnableDiagnostics=0";
        foreach (
            System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables()
        )
        {
            if (((string)variable.Key).StartsWith(RuntimePrefix, StringComparison.Ordinal))
                yield return $"{variable.Key}={variable.Value}";
        }
    }
}
