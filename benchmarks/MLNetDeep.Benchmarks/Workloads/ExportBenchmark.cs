using MLNetDeep.Exporting.Onnx;
using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;

namespace MLNetDeep.Benchmarks.Workloads;

/// <summary>Writes the networks, with the weights that training starts from, as ONNX files for benchmarks/peers.</summary>
internal static class ExportBenchmark
{
    public static void Run(string[] args)
    {
        string folder = args.Length > 0 ? args[0] : "models";
        Directory.CreateDirectory(folder);
        foreach (Workload workload in Workload.All)
            Write(workload.Name, workload.Network());
        Write("dcgan", Networks.DcGanGenerator(28));

        // What a call costs that does nothing.
        Write("empty", Network.Input(1).Relu());

        void Write(string name, Network network)
        {
            Graph graph = new();
            network.Build(new BuildContext(graph));
            Dictionary<string, float[]> weights = [];
            foreach (Variable variable in graph.Variables)
            {
                float[] values = new float[variable.Shape.UnitSize];
                variable.Initializer.Fill(values, variable.Shape, Initializer.SeedFor(1, variable.Name));
                weights.Add(variable.Name, values);
            }

            string file = Path.Combine(folder, $"{name}.onnx");
            OnnxExporter.Export([network], weights, file, new() { ModelName = name });
            Console.WriteLine(file);
        }
    }
}
