using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using JobCloud.Testing.Dummy;

// A program that performs the action that a test requests.
//   echo TEXT…       exit N        sleep S       spew BYTES    burn S
//   ignore-term S    hold BYTES S  fork-away S   env           segfault
//   listen tcp|udp ADDRESS PORT [echo|send BYTES|end BYTES|ignore]
//   say SOCKET TEXT…  ask SOCKET HEX  fault
var arguments = args.AsSpan(1);
switch (args.FirstOrDefault())
{
    case "echo":
        Console.WriteLine(string.Join(' ', arguments.ToArray()));
        return 0;
    case "exit":
        return int.Parse(arguments[0], CultureInfo.InvariantCulture);
    case "sleep":
        Thread.Sleep(Seconds(arguments[0]));
        return 0;
    case "spew":
        Spew(long.Parse(arguments[0], CultureInfo.InvariantCulture));
        return 0;
    case "burn":
        Burn(Seconds(arguments[0]));
        return 0;
    case "ignore-term":
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => c.Cancel = true))
        {
            Console.WriteLine("ready");
            Thread.Sleep(Seconds(arguments[0]));
        }
        return 0;
    case "hold":
        Hold(int.Parse(arguments[0], CultureInfo.InvariantCulture), Seconds(arguments[1]));
        return 0;
    case "fork-away" or "fork-away-again":
        return ForkAway.Sleep(arguments[0], isFirst: args[0] == "fork-away");
    case "env":
        foreach (System.Collections.DictionaryEntry v in Environment.GetEnvironmentVariables())
            Console.WriteLine($"{v.Key}={v.Value}");
        return 0;
    case "listen":
        return await Listener.ListenAsync(args[1..]);
    case "say":
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.IP))
            socket.SendTo(
                Encoding.UTF8.GetBytes(string.Join(' ', arguments[1..].ToArray())),
                new UnixDomainSocketEndPoint(arguments[0])
            );
        return 0;
    case "ask":
        return Asker.Ask(arguments[0], Convert.FromHexString(arguments[1]));
    case "fault":
        return Fault.Crash();
    case "segfault":
        Marshal.WriteByte(nint.Zero + 1, 1);
        return 0;
    default:
        Console.Error.WriteLine("dummy: unknown action");
        return 2;
}

static TimeSpan Seconds(string text) =>
    TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));

static void Spew(long bytes)
{
    using var stdout = Console.OpenStandardOutput();
    var line = new byte[64 * 1024];
    Array.Fill(line, (byte)'x');
    for (; bytes > 0; bytes -= line.Length)
        stdout.Write(line.AsSpan(0, (int)Math.Min(bytes, line.Length)));
}

static void Burn(TimeSpan time)
{
    var watch = Stopwatch.StartNew();
    while (watch.Elapsed < time) { }
}

static void Hold(int bytes, TimeSpan time)
{
    var memory = GC.AllocateUninitializedArray<byte>(bytes);
    Array.Fill(memory, (byte)1);
    Thread.Sleep(time);
    GC.KeepAlive(memory);
}
