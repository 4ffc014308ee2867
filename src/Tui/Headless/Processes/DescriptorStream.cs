using System.Runtime.InteropServices;

namespace JobCloud.Tui.Headless.Processes;

/// <summary>
/// Writes to a file descriptor with write(2). It appends if the shell opened the file for
/// appending, and throws <see cref="BrokenPipeException"/> on a broken pipe and <see
/// cref="OutputException"/> on any other failure; the streams of .NET do neither.
/// </summary>
internal sealed partial class DescriptorStream(int descriptor) : WriteOnlyStream
{
    private const int Interrupted = 4; // EINTR
    private const int BadDescriptor = 9; // EBADF
    private const int BrokenPipe = 32; // EPIPE
    private const int TryAgain = 11; // EAGAIN, if another program made the terminal non-blocking

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var written = WriteTo(descriptor, buffer, buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }
            var error = Marshal.GetLastPInvokeError();
            if (error == TryAgain)
                Thread.Sleep(1);
            else if (error == BrokenPipe)
                throw new BrokenPipeException();
            else if (error != Interrupted)
                throw new OutputException(
                    error == BadDescriptor ? "it is closed" : Marshal.GetPInvokeErrorMessage(error)
                );
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteTo(int descriptor, ReadOnlySpan<byte> buffer, nint count);
}

/// <summary>The output cannot be written: its disk is full, or it is closed.</summary>
internal sealed class OutputException(string reason) : IOException(reason);

/// <summary>The reader of the output closed the pipe, as <c>head</c> does when it has
/// enough.</summary>
internal sealed class BrokenPipeException()
    : IOException("The reader of the output has closed the pipe.");
