using System.Text;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Starts programs as another account or in a running sandbox: this program starts again
/// as <see cref="AccountProgram"/>, with the executor's rights but none of the job's variables,
/// which could make the loader or a shell run the job's code before the rights are
/// gone.</summary>
internal static class AccountStart
{
    private const string RuntimePrefix = "DOTNET_";
    private static readonly string[] Own = [.. OwnVariables()];

    /// <summary>Changes a request so that it starts as an account, and confined if it says so;
    /// returns 0 or an errno. The caller closes <see cref="SpawnRequest.VariablesFd"/> and
    /// <see cref="SpawnRequest.FailureFd"/> after the start.</summary>
    /// <param name="failure">Tells later why the program did not run.</param>
    /// <param name="account">Null: the executor's own.</param>
    public static int Prepare(Account? account, ref SpawnRequest request, out StartFailure? failure)
    {
        failure = null;
        var text = new StringBuilder();
        foreach (var variable in request.Environment)
            text.Append(variable).Append('\0');
        var content = Encoding.UTF8.GetBytes(text.ToString());
        var variables = MemoryFile.Make("variables", content, out var error);
        if (error != 0)
            return error;
        var write = 0;
        if (request.ReportsFailure && (error = Libc.Pipe(out var read, out write)) == 0)
        {
            write = Libc.MoveUp(write);
            Libc.SetNonBlocking(read);
            failure = new(request.Program, read);
        }
        if (error != 0)
        {
            _ = Libc.close(variables);
            return error;
        }
        request = request with
        {
            Program = Environment.ProcessPath!,
            Arguments = AccountProgram.Words(
                account,
                new(
                    KeepsSandbox: request.ArgumentsFd > 0,
                    request.ReportsFailure,
                    request.IsConfined,
                    IsFiltered: request.IsConfined && request.FilterFd > 0
                ),
                request.Program,
                request.Arguments
            ),
            Environment = Own,
            VariablesFd = variables,
            FailureFd = write,
        };
        return 0;
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
