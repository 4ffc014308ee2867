using System.ComponentModel;
using System.Diagnostics;
using JobCloud.Protocol.Homes;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Starts the node of this home with <c>jobcloud node start</c>.</summary>
internal static class LocalNodeStarter
{
    /// <returns>An error message, or null if the node started.</returns>
    public static async Task<string?> StartAsync(
        string home,
        string programs,
        CancellationToken cancel
    )
    {
        var command = Path.Combine(programs, JobCloudProgram.Command.File);
        if (!File.Exists(command))
            return $"{JobCloudProgram.Command} not found in {programs}";
        var start = new ProcessStartInfo(command, ["node", "start"])
        {
            // Keeps the child off the terminal that the UI draws on.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["JOBCLOUD_HOME"] = home;
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var error = await process.StandardError.ReadToEndAsync(cancel);
            await output;
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0 ? null : error.Trim();
        }
        catch (Win32Exception e)
        {
            return $"cannot run {command}: {e.Message}";
        }
    }
}
